package io.headwater.bench.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.TestModels;
import io.headwater.engine.onnx.OnnxModelFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;

class UntrainedTest {
    private static final int WIDTH = 64;

    @Test
    void shouldDrawWeightsByTheirFanInAndNothingElse() {
        float[] sevens = new float[WIDTH * WIDTH];
        Arrays.fill(sevens, 7);
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("all")
                .addInput(TestModels.value("x", TestModels.FLOAT, -1, WIDTH))
                .addOutput(TestModels.value("y", TestModels.FLOAT, -1, WIDTH))
                .addNode(TestModels.node("MatMul", "product", "x", "weight"))
                .addNode(TestModels.node("Add", "sum", "product", "bias"))
                .addNode(TestModels.node("Mul", "scaled", "sum", "scale"))
                .addNode(TestModels.node("Mul", "y", "scaled", "slope"))
                .addInitializer(TestModels.weight("weight", TestModels.FLOAT, sevens, WIDTH, WIDTH))
                .addInitializer(TestModels.weight("bias", TestModels.FLOAT, Arrays.copyOf(sevens, WIDTH), WIDTH))
                .addInitializer(TestModels.weight("scale", TestModels.FLOAT, Arrays.copyOf(sevens, WIDTH), WIDTH))
                .addInitializer(TestModels.weight("slope", TestModels.FLOAT, new float[] {7}));
        byte[] model = TestModels.model(graph.build()).toByteArray();

        ModelProto untrained = OnnxModelFile.parse(Untrained.of(model, 5));

        float[] drawn = values(untrained, "weight");
        double squares = 0;
        for (float value : drawn) {
            squares += value * value;
        }
        assertThat(squares / drawn.length).isCloseTo(1.0 / WIDTH, within(0.1 / WIDTH));
        assertThat(values(untrained, "bias")).containsOnly(0);
        assertThat(values(untrained, "scale")).containsOnly(1);
        assertThat(values(untrained, "slope")).containsExactly(7);
        assertThat(untrained.getGraph().getNodeList()).isEqualTo(graph.getNodeList());
        assertThat(Untrained.of(model, 5)).isEqualTo(Untrained.of(model, 5)).isNotEqualTo(Untrained.of(model, 6));
    }

    @Test
    void shouldDrawHalvesAsTheyAreKept() {
        byte[] model = TestModels.convNet(TestModels.HALF).toByteArray();

        ModelProto untrained = OnnxModelFile.parse(Untrained.of(model, 5));

        for (TensorProto tensor : untrained.getGraph().getInitializerList()) {
            assertThat(tensor.getDataType()).isIn(TestModels.HALF, TestModels.LONG);
        }
    }

    @Test
    void shouldRejectWeightsThatNothingKnownReads() {
        float[] values = new float[WIDTH];
        GraphProto graph = GraphProto.newBuilder()
                .setName("odd")
                .addInput(TestModels.value("x", TestModels.FLOAT, -1, WIDTH))
                .addOutput(TestModels.value("y", TestModels.FLOAT, -1, WIDTH))
                .addNode(TestModels.node("Pow", "y", "x", "odd"))
                .addInitializer(TestModels.weight("odd", TestModels.FLOAT, values, WIDTH))
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Untrained.of(TestModels.model(graph).toByteArray(), 5))
                .withMessageContaining("'odd'")
                .withMessageContaining("known operator");
    }

    private static float[] values(ModelProto model, String name) {
        TensorProto tensor = model.getGraph().getInitializerList().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        ByteBuffer bytes = ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
