package io.headwater.fuzz;

import io.headwater.engine.graph.GraphModel;
import io.headwater.engine.graph.TestGraphModels;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.weights.Safetensors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Graph models. Input that begins with a brace is the architecture of a model without weights, so that Jazzer changes it
 * without having to keep the lengths of the file; all other input is a file.
 */
class GraphModelFuzzTest extends ReaderFuzzing {
    /** The name under which a file keeps the architecture: its only metadata. */
    private static final String KEY =
            Safetensors.read(TestGraphModels.policyFile()).metadata().firstKey();

    @Override
    void read(byte[] bytes) {
        byte[] file = bytes.length > 0 && bytes[0] == '{'
                ? Safetensors.write(Map.of(), Map.of(KEY, new String(bytes, StandardCharsets.ISO_8859_1)))
                : bytes;
        try {
            GraphModel.read(file);
        } catch (GraphException refused) {
            // Documented for bytes that are no graph model.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        byte[] file = TestGraphModels.policyFile();
        String architecture =
                Objects.requireNonNull(Safetensors.read(file).metadata().get(KEY));
        return Stream.of(file, utf8(architecture), Arrays.copyOf(file, file.length / 2));
    }
}
