package io.headwater.fuzz;

import io.headwater.engine.graph.convert.ModelReaders;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Keras {@code .h5} files, as the converter process reads them. */
class KerasFuzzTest extends FileFuzzing {
    @Override
    void read(byte[] bytes) throws IOException {
        withFile(bytes, ".h5", file -> {
            try {
                ModelReaders.keras(file);
            } catch (RuntimeException refused) {
                // The converter reports every exception as a damaged file.
            }
        });
    }

    @Override
    Stream<byte[]> seeds() {
        try {
            Path file = Files.createTempFile("headwater-keras", ".h5");
            try (WritableHdfFile h5 = HdfFile.write(file)) {
                h5.putAttribute("model_config", """
                        {"class_name": "Sequential", "config": {"layers": [
                          {"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [null, 2]}},
                          {"class_name": "Dense", "config": {"name": "fc", "units": 3, "activation": "softmax",
                           "use_bias": true}}]}}
                        """);
                WritableGroup group =
                        h5.putGroup("model_weights").putGroup("fc").putGroup("fc");
                group.putDataset("kernel:0", new float[][] {{1, 2, 3}, {4, 5, 6}});
                group.putDataset("bias:0", new float[] {1, 2, 3});
            }
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return Stream.of(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
