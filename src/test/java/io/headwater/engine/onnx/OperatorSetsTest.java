package io.headwater.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.engine.TestModels;
import onnx.Onnx.GraphProto;
import onnx.Onnx.OperatorSetIdProto;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorSetsTest {

    /** A file of a later operator set than the library knows must be refused before the library sees it, and no earlier one. */
    @ParameterizedTest
    @ValueSource(ints = {7, 8, 13, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
    void shouldReadTheOperatorSetsThatOnnxRuntimeReads(int opset) {
        byte[] model = TestModels.model(GraphProto.newBuilder()
                        .setName("plain")
                        .addInput(TestModels.value("x", TestModels.FLOAT, 0, 2))
                        .addNode(TestModels.node("Tanh", "y", "x"))
                        .addOutput(TestModels.value("y", TestModels.FLOAT, 0, 2))
                        .build())
                .toBuilder()
                .setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(opset))
                .build()
                .toByteArray();

        assertThat(isRead(model)).isEqualTo(isLoaded(model));
    }

    private static boolean isRead(byte[] model) {
        try {
            OnnxModelFile.parse(model);
            return true;
        } catch (OnnxException e) {
            assertThat(e).hasMessageContaining("the model must have an opset from 7 to");
            return false;
        }
    }

    private static boolean isLoaded(byte[] model) {
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
            return session.getNumOutputs() == 1;
        } catch (OrtException e) {
            return false;
        }
    }
}
