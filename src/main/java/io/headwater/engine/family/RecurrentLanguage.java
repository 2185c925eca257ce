package io.headwater.engine.family;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.family.FamilyModel.TrainingInput;
import io.headwater.engine.top.ParameterRole;
import io.headwater.engine.top.TopGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * A language model of two stacks of LSTM layers, one that reads from left to right and one from right to left (Peters
 * et al. 2018, "Deep contextualized word representations"). It reads pieces of words instead of that paper's
 * convolution over characters. Neither stack sees the tokens that it has to predict: their results meet only in the
 * outputs {@code layers.N}, where {@code layers.0} is the embeddings concatenated with themselves. A scalar mix weighs
 * these outputs.
 *
 * @param layers number of layers of each stack, 1 to 8
 * @param width width of the output of a layer, half of it from each stack: even, 8 to 2048
 * @param vocabulary number of tokens in the vocabulary, 5 to 1,000,000
 */
public record RecurrentLanguage(int layers, int width, int vocabulary) {
    private static final String TABLE = "embeddings.weight";
    private static final double DEVIATION = 0.05;
    private static final int GATES = 4;
    /** The index of the forget gate among the input, output, forget and cell gates. */
    private static final int FORGET = 2;

    public RecurrentLanguage {
        Sizes.check("layers", layers, 1, 8);
        Sizes.check("width", width, 8, 2048);
        Sizes.check("vocabulary", vocabulary, 5, 1_000_000);
        if (width % 2 != 0) {
            throw new IllegalArgumentException("width must be even, but is " + width + "; choose another");
        }
    }

    /** The tensors that a scalar mix weighs, from the embeddings up. */
    public List<String> mixed() {
        List<String> mixed = new ArrayList<>();
        for (int layer = 0; layer <= layers; layer++) {
            mixed.add("layers." + layer);
        }
        return mixed;
    }

    /**
     * Creates the model. For each token, its training graph returns twice as many scores as there are tokens in the
     * vocabulary: the scores of the next token, followed by those of the previous token.
     *
     * @param seed the seed of the initial weights; not 0
     */
    public FamilyModel elmo(long seed) {
        FamilyWriter writer = new FamilyWriter(seed);
        TrainingInput input = writer.tokens(Transformer.IDS, Transformer.MASK);
        long half = width / 2;
        String table = writer.normal(TABLE, DEVIATION, vocabulary, half);
        String words = writer.node("Gather", "embeddings/words", table, Transformer.IDS);
        String state = writer.node("Concat", "layers.0", axis(2), words, words);
        String sum = writer.node(
                "ReduceSum",
                "lengths/sum",
                List.of(attribute("keepdims", 0)),
                Transformer.MASK,
                writer.whole("lengths/axis", 1));
        writer.node("Cast", "lengths", List.of(attribute("to", DataType.INT32_VALUE)), sum);
        for (int layer = 1; layer <= layers; layer++) {
            String left = stack(writer, "forward." + layer, state, 0, half);
            String right = stack(writer, "reverse." + layer, state, half, width);
            state = joined(writer, layer, state, left, right);
        }
        String features = writer.node("Identity", "last_hidden_state", state);
        writer.trainingOnly();
        String next = scores(writer, "next", features, 0, half);
        String before = scores(writer, "before", features, half, width);
        String both = writer.node("Concat", "predictions/both", axis(1), next, before);
        String bias = writer.constant(TopGraph.BIAS, ParameterRole.BIAS, 0, 2 * vocabulary);
        writer.logits(writer.node("Add", "predictions/scores", both, bias));
        Map<String, long[]> outputs = new LinkedHashMap<>();
        outputs.put(features, new long[] {-1, -1, width});
        mixed().forEach(tensor -> outputs.put(tensor, new long[] {-1, -1, width}));
        List<String> blocks = new ArrayList<>(mixed().subList(0, layers));
        Collections.reverse(blocks);
        return writer.model("elmo", input, outputs, features, width, blocks);
    }

    /** Concatenates the results of both stacks; above the first layer, the input is added as a residual connection. */
    private static String joined(FamilyWriter writer, int layer, String state, String left, String right) {
        if (layer == 1) {
            return writer.node("Concat", "layers.1", axis(2), left, right);
        }
        String name = "layers." + layer;
        return writer.node("Add", name, writer.node("Concat", name + "/both", axis(2), left, right), state);
    }

    /** A layer of one stack over its half of {@code state}, [batch, tokens, width / 2]. */
    private String stack(FamilyWriter writer, String name, String state, long from, long to) {
        int half = width / 2;
        String read = writer.node("Transpose", name + "/steps", order(), part(writer, name, state, from, to));
        double limit = 1 / Math.sqrt(half);
        String weights = writer.uniform(name + ".weight", limit, 1, GATES * half, half);
        String recurrent = writer.uniform(name + ".recurrent", limit, 1, GATES * half, half);
        // A bias of 1 keeps the forget gate open initially, so that gradients pass (Gers et al. 2000, "Learning to
        // forget").
        float[] biases = new float[2 * GATES * half];
        Arrays.fill(biases, FORGET * half, (FORGET + 1) * half, 1);
        String bias = writer.given(name + ".bias", ParameterRole.BIAS, biases, 1, biases.length);
        String direction = name.startsWith("forward") ? "forward" : "reverse";
        String states = writer.node(
                "LSTM",
                name + "/states",
                List.of(attribute("hidden_size", half), attribute("direction", direction)),
                read,
                weights,
                recurrent,
                bias,
                "lengths");
        String single = writer.node("Squeeze", name + "/single", states, writer.whole(name + "/directions", 1));
        return writer.node("Transpose", name, order(), single);
    }

    private String scores(FamilyWriter writer, String name, String features, long from, long to) {
        String read = part(writer, "predictions/" + name, features, from, to);
        String rows = writer.node(
                "Reshape",
                "predictions/" + name + "/rows",
                read,
                writer.whole("predictions/" + name + "/shape", -1, to - from));
        return writer.node("Gemm", "predictions/" + name + "/scores", List.of(attribute("transB", 1)), rows, TABLE);
    }

    private static String part(FamilyWriter writer, String name, String state, long from, long to) {
        return writer.node(
                "Slice",
                name + "/part",
                state,
                writer.whole(name + "/part/from", from),
                writer.whole(name + "/part/to", to),
                writer.whole(name + "/part/axis", 2));
    }

    private static List<AttributeProto> axis(int axis) {
        return List.of(attribute("axis", axis));
    }

    private static List<AttributeProto> order() {
        return List.of(attribute("perm", new long[] {1, 0, 2}));
    }
}
