package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.nd4j.shade.protobuf.ByteString;

class RecurrentRulesTest {
    private static final int INPUTS = 3;

    /** The inputs of a layer and which of its outputs are read. */
    record Layer(
            int steps, int batch, int size, int direction, int initial, int outputs, boolean biased, int shortest) {
        int directions() {
            return direction == 2 ? 2 : 1;
        }

        String name() {
            return List.of("forward", "reverse", "bidirectional").get(direction);
        }
    }

    @Property(tries = 60)
    void shouldPassLstm(
            @ForAll @IntRange(min = 1, max = 4) int steps,
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 3) int size,
            @ForAll @IntRange(max = 2) int direction,
            @ForAll @IntRange(max = 2) int initial,
            @ForAll @IntRange(min = 1, max = 7) int outputs,
            @ForAll boolean biased,
            @ForAll @IntRange(max = 4) int shortest,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        Layer layer = new Layer(steps, batch, size, direction, initial, outputs, biased, shortest);
        check("LSTM", layer, seed).holds();
    }

    @Property(tries = 60)
    void shouldPassGru(
            @ForAll @IntRange(min = 1, max = 4) int steps,
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 3) int size,
            @ForAll @IntRange(max = 2) int direction,
            @ForAll boolean initial,
            @ForAll @IntRange(min = 1, max = 3) int outputs,
            @ForAll boolean biased,
            @ForAll @IntRange(max = 4) int shortest,
            @ForAll boolean linearBeforeReset,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        Layer layer = new Layer(steps, batch, size, direction, initial ? 1 : 0, outputs, biased, shortest);
        check("GRU", layer, seed, attribute("linear_before_reset", linearBeforeReset ? 1 : 0))
                .holds();
    }

    @Property(tries = 60)
    void shouldPassRnn(
            @ForAll @IntRange(min = 1, max = 4) int steps,
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 3) int size,
            @ForAll @IntRange(max = 2) int direction,
            @ForAll boolean initial,
            @ForAll @IntRange(min = 1, max = 3) int outputs,
            @ForAll boolean biased,
            @ForAll @IntRange(max = 4) int shortest,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        Layer layer = new Layer(steps, batch, size, direction, initial ? 1 : 0, outputs, biased, shortest);
        check("RNN", layer, seed).holds();
    }

    /** Uses a fixed seed, because a kink of the rectifier within the step of the differences would make them wrong. */
    @Example
    void shouldPassRectifiedRnn() {
        check("RNN", new Layer(3, 2, 3, 2, 1, 3, true, 2), 7, texts("activations", "Relu", "Relu"))
                .within(1e-3, 1e-2)
                .holds();
    }

    @Example
    void shouldPassLstmOfStepsAndBatchesOfAnyNumber() {
        for (int direction = 0; direction < 3; direction++) {
            check("LSTM", new Layer(3, 2, 2, direction, 0, 7, true, 0), 5)
                    .varying("x", 0, 1)
                    .holds();
            check("GRU", new Layer(3, 2, 2, direction, 0, 3, true, 0), 5)
                    .varying("x", 0, 1)
                    .holds();
            check("RNN", new Layer(3, 2, 2, direction, 0, 3, true, 0), 5)
                    .varying("x", 0, 1)
                    .holds();
        }
    }

    @Example
    void shouldPassOneLayerAboveAnother() {
        GradientCheck check = GradientCheck.at(14, 3)
                .inSinglePrecision()
                .wants("x", 3, 2, 2)
                .wants("w", x -> x / 2, 2, 8, 2)
                .wants("r", x -> x / 2, 2, 8, 2)
                .wants("w2", x -> x / 2, 1, 8, 4)
                .wants("r2", x -> x / 2, 1, 8, 2)
                .integers("shape", 0, 0, 4)
                .node("LSTM", List.of("x", "w", "r"), List.of("y"), text("direction", "bidirectional"), size(2))
                .node("Transpose", List.of("y"), List.of("t"), attribute("perm", new long[] {0, 2, 1, 3}))
                .node("Reshape", List.of("t", "shape"), List.of("x2"))
                .node("LSTM", List.of("x2", "w2", "r2"), List.of("y2"), size(2));

        check.holds();
    }

    @Example
    void shouldRefuseWhatHasNoGradientHere() {
        refuses("LSTM", "clips what its activations read", attribute("clip", 2f));
        refuses("LSTM", "couples its input and forget gates", attribute("input_forget", 1));
        refuses("LSTM", "has the activations [Relu, Tanh, Tanh]", texts("activations", "Relu", "Tanh", "Tanh"));
        refuses("GRU", "has the activations [Sigmoid, Sigmoid]", texts("activations", "Sigmoid", "Sigmoid"));
        refuses("RNN", "has the activations [Elu]", texts("activations", "Elu"));
        GradientCheck peepholes = GradientCheck.at(14, 1)
                .inSinglePrecision()
                .wants("x", 2, 1, 2)
                .constant("w", 1, 8, 2)
                .constant("r", 1, 8, 2)
                .constant("p", 1, 6)
                .node("LSTM", List.of("x", "w", "r", "", "", "", "", "p"), List.of("y"), size(2));
        assertThatThrownBy(peepholes::derive)
                .isInstanceOf(GradientException.class)
                .hasMessageContaining("peepholes (P)");
    }

    private static void refuses(String type, String why, AttributeProto attribute) {
        GradientCheck check = check(type, new Layer(2, 1, 2, 0, 0, 1, false, 0), 1, attribute);
        assertThatThrownBy(check::derive)
                .isInstanceOf(GradientException.class)
                .hasMessageContaining("(" + type + ", opset 14) " + why);
    }

    private static GradientCheck check(String type, Layer layer, int seed, AttributeProto... attributes) {
        int gates = type.equals("LSTM") ? 4 : type.equals("GRU") ? 3 : 1;
        int directions = layer.directions();
        int size = layer.size();
        GradientCheck check = GradientCheck.at(14, seed)
                .inSinglePrecision()
                .wants("x", layer.steps(), layer.batch(), INPUTS)
                .wants("w", x -> x / 2, directions, gates * size, INPUTS)
                .wants("r", x -> x / 2, directions, gates * size, size)
                .integers("flat", -1);
        List<String> inputs = new ArrayList<>(List.of("x", "w", "r", "", "", "", ""));
        if (layer.biased()) {
            inputs.set(3, "b");
            check.wants("b", x -> x / 2, directions, 2L * gates * size);
        }
        if (layer.shortest() > 0) {
            inputs.set(4, "lengths");
            check.constant(lengths(layer));
        }
        if (layer.initial() > 0) {
            inputs.set(5, "h");
            check.wants("h", x -> x / 2, directions, layer.batch(), size);
        }
        if (layer.initial() > 1) {
            inputs.set(6, "c");
            check.wants("c", directions, layer.batch(), size);
        }
        List<String> outputs = new ArrayList<>();
        List<String> flat = new ArrayList<>();
        for (int i = 0; i < (type.equals("LSTM") ? 3 : 2); i++) {
            outputs.add((layer.outputs() >> i & 1) == 1 ? "y" + i : "");
        }
        List<AttributeProto> all = new ArrayList<>(Arrays.asList(attributes));
        all.add(text("direction", layer.name()));
        all.add(size(size));
        int last = inputs.size() - 1;
        while (inputs.get(last).isEmpty()) {
            last--;
        }
        check.node(type, inputs.subList(0, last + 1), outputs, all.toArray(AttributeProto[]::new));
        for (String output : outputs) {
            if (!output.isEmpty()) {
                flat.add(output + "/flat");
                check.node("Reshape", List.of(output, "flat"), List.of(output + "/flat"));
            }
        }
        return check.node("Concat", flat, List.of("all"), attribute("axis", 0));
    }

    /** The first sequence has all steps, the second fewer. */
    private static TensorProto lengths(Layer layer) {
        TensorProto.Builder lengths = TensorProto.newBuilder()
                .setName("lengths")
                .setDataType(DataType.INT32_VALUE)
                .addDims(layer.batch());
        for (int i = 0; i < layer.batch(); i++) {
            lengths.addInt32Data(i == 0 ? layer.steps() : Math.min(layer.steps(), layer.shortest()));
        }
        return lengths.build();
    }

    private static AttributeProto size(long size) {
        return attribute("hidden_size", size);
    }

    private static AttributeProto text(String name, String value) {
        return attribute(name, value);
    }

    private static AttributeProto texts(String name, String... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
        Arrays.stream(values).map(ByteString::copyFromUtf8).forEach(attribute::addStrings);
        return attribute.build();
    }
}
