package io.headwater.fuzz;

import io.headwater.engine.graph.TestGraphModels;
import io.headwater.engine.graph.convert.ModelReaders;
import io.headwater.engine.graph.layer.GraphException;
import java.io.IOException;
import java.util.stream.Stream;

/** Deeplearning4j zips: the two entries that the converter process reads. */
class Dl4jFuzzTest extends FileFuzzing {
    @Override
    void read(byte[] bytes) throws IOException {
        withFile(bytes, ".zip", file -> {
            try {
                ModelReaders.dl4jParts(file);
            } catch (GraphException refused) {
                // Documented for zips that are no model.
            }
        });
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(TestGraphModels.policyZip());
    }
}
