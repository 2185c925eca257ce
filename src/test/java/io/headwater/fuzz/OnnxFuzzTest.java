package io.headwater.fuzz;

import io.headwater.engine.TestModels;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxModelFile;
import java.util.stream.Stream;

/** ONNX files, as they are checked before native code reads them. */
class OnnxFuzzTest extends ReaderFuzzing {
    @Override
    void read(byte[] bytes) {
        try {
            OnnxModelFile.parse(bytes);
        } catch (OnnxException refused) {
            // Documented for bytes that are no model.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                        TestModels.convNet(TestModels.FLOAT),
                        TestModels.convNet(TestModels.HALF),
                        TestModels.policy(2),
                        TestModels.deepPolicy())
                .map(model -> model.toByteArray());
    }
}
