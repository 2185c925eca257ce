package io.headwater.engine.family;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.family.FamilyModel.TrainingInput;
import io.headwater.engine.top.ParameterRole;
import io.headwater.engine.top.TopGraph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto.DataType;

/**
 * Language models with attention layers (Vaswani et al. 2017, "Attention is all you need").
 *
 * @param layers number of layers, 1 to 24
 * @param width width of the hidden states, a multiple of {@code heads}, 8 to 2048
 * @param heads number of attention heads, 1 to 64
 * @param vocabulary number of tokens in the vocabulary, 5 to 1,000,000
 * @param maxTokens maximum number of tokens of a text, 16 to 8192
 */
public record Transformer(int layers, int width, int heads, int vocabulary, int maxTokens) {
    /** Input of both families: token ids [batch, tokens], int64. */
    public static final String IDS = "input_ids";
    /** Input of both families: 1 for real tokens, 0 for padding [batch, tokens], int64. */
    public static final String MASK = "attention_mask";

    /** The standard deviation of the normal distribution of the initial weights, as in both papers. */
    private static final double DEVIATION = 0.02;
    /** The value that is added to the attention scores of masked tokens; finite, but far below any score. */
    private static final float UNSEEN = -10_000;

    private static final int GROWTH = 4;

    public Transformer {
        Sizes.check("layers", layers, 1, 24);
        Sizes.check("width", width, 8, 2048);
        Sizes.check("heads", heads, 1, 64);
        Sizes.check("vocabulary", vocabulary, 5, 1_000_000);
        Sizes.check("max-tokens", maxTokens, 16, 8192);
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "width must be a multiple of heads, which are " + heads + ", but is " + width + "; change one");
        }
    }

    /**
     * Creates an encoder with bidirectional attention (Devlin et al. 2019, "BERT"), without segments. For training it
     * also has the transformation and the tied output layer that predict masked tokens.
     *
     * @param seed the seed of the initial weights; not 0
     */
    public FamilyModel bert(long seed) {
        FamilyWriter writer = new FamilyWriter(seed);
        Body body = new Body(writer, writer.tokens(IDS, MASK));
        String mask = body.unseen(body.padding());
        String state = writer.layerNorm("embeddings.LayerNorm", body.embeddings(), width);
        List<String> states = new ArrayList<>(List.of(state));
        for (int layer = 0; layer < layers; layer++) {
            String name = "encoder.layer." + layer;
            String attended = body.attention(name + ".attention", state, mask);
            String summed = writer.node("Add", name + "/attended", attended, state);
            String middle = writer.layerNorm(name + ".attention.LayerNorm", summed, width);
            String grown = body.feedForward(name, middle);
            state = writer.layerNorm(name + ".LayerNorm", writer.node("Add", name + "/grown", grown, middle), width);
            states.add(state);
        }
        String features = writer.node("Identity", "last_hidden_state", state);
        writer.trainingOnly();
        String changed = writer.gelu("predictions/activation", body.dense("predictions.dense", features, width, width));
        return body.model("bert", features, writer.layerNorm("predictions.LayerNorm", changed, width), states);
    }

    /**
     * Creates a decoder with causal attention and normalisation before each part (Radford et al. 2019, "Language models
     * are unsupervised multitask learners"). For training it also has the tied output layer that predicts the next
     * token.
     *
     * @param seed the seed of the initial weights; not 0
     */
    public FamilyModel gpt(long seed) {
        FamilyWriter writer = new FamilyWriter(seed);
        Body body = new Body(writer, writer.tokens(IDS, MASK));
        String state = body.embeddings();
        String mask = body.unseen(writer.node("Or", "unseen", body.padding(), body.later()));
        List<String> states = new ArrayList<>(List.of(state));
        for (int layer = 0; layer < layers; layer++) {
            String name = "h." + layer;
            String read = writer.layerNorm(name + ".ln_1", state, width);
            state = writer.node("Add", name + "/attended", state, body.attention(name + ".attn", read, mask));
            String grown = body.feedForward(name + ".mlp", writer.layerNorm(name + ".ln_2", state, width));
            state = writer.node("Add", name + "/grown", state, grown);
            states.add(state);
        }
        String features = writer.node("Identity", "last_hidden_state", writer.layerNorm("ln_f", state, width));
        writer.trainingOnly();
        return body.model("gpt", features, features, states);
    }

    /** The parts that both models have in common. */
    private final class Body {
        private static final String TABLE = "embeddings.word_embeddings.weight";
        private static final String PLACES = "places";

        private final FamilyWriter writer;
        private final TrainingInput input;

        Body(FamilyWriter writer, TrainingInput input) {
            this.writer = writer;
            this.input = input;
        }

        /** The sum of the embeddings of tokens and of their positions [batch, tokens, width]. */
        String embeddings() {
            String table = writer.normal(TABLE, DEVIATION, vocabulary, width);
            String words = writer.node("Gather", "embeddings/words", table, IDS);
            // Rows are padded to a multiple of 8.
            long most = (maxTokens + 7L) / 8 * 8;
            String all = writer.normal("embeddings.position_embeddings.weight", DEVIATION, most, width);
            // ONNX Runtime 1.28 replaces a Gather with an unmodified Range by a Slice, and loses the Range if it is
            // also an output.
            String row = writer.node("Unsqueeze", "places/row", places(), writer.whole("places/axes", 0));
            String positions = writer.node("Gather", "embeddings/positions", all, row);
            return writer.node("Add", "embeddings/sum", words, positions);
        }

        /** The positions 0, 1, 2, ... of the tokens. */
        private String places() {
            String shape = writer.node("Shape", "places/shape", IDS);
            String count = writer.node("Gather", "places/count", shape, writer.scalar("places/axis", 1));
            return writer.node(
                    "Range", PLACES, writer.scalar("places/from", 0), count, writer.scalar("places/step", 1));
        }

        /** Whether a token is padding [batch, 1, 1, tokens]. */
        String padding() {
            String wide = writer.node("Unsqueeze", "mask/wide", MASK, writer.whole("mask/axes", 1, 2));
            return writer.node("Equal", "mask/padding", wide, writer.whole("mask/zero", 0));
        }

        /** The causal mask [tokens, tokens]: whether a token comes after another. */
        String later() {
            String column = writer.node("Unsqueeze", "later/column", PLACES, writer.whole("later/axes", 1));
            return writer.node("Less", "later/is", column, PLACES);
        }

        /** The values that are added to the attention scores. */
        String unseen(String isUnseen) {
            String real = writer.node("Cast", "mask/real", List.of(attribute("to", DataType.FLOAT_VALUE)), isUnseen);
            return writer.node("Mul", "mask/added", real, writer.real("mask/unseen", UNSEEN));
        }

        String dense(String name, String state, int in, int out) {
            return writer.dense(name, state, in, out, DEVIATION);
        }

        String attention(String name, String state, String mask) {
            String queries = heads(name + ".query", state, 0, 2, 1, 3);
            String keys = heads(name + ".key", state, 0, 2, 3, 1);
            String values = heads(name + ".value", state, 0, 2, 1, 3);
            String products = writer.node("MatMul", name + "/products", queries, keys);
            float scale = (float) (1 / Math.sqrt((double) width / heads));
            String scores = writer.node("Mul", name + "/scores", products, writer.real(name + "/scale", scale));
            String masked = writer.node("Add", name + "/masked", scores, mask);
            String shares = writer.node("Softmax", name + "/shares", List.of(attribute("axis", -1)), masked);
            String mixed = writer.node("MatMul", name + "/mixed", shares, values);
            String side = writer.node(
                    "Transpose", name + "/side", List.of(attribute("perm", new long[] {0, 2, 1, 3})), mixed);
            String joined = writer.node("Reshape", name + "/joined", side, writer.whole(name + "/joint", 0, 0, width));
            return dense(name + ".output", joined, width, width);
        }

        private String heads(String name, String state, long... order) {
            String all = dense(name, state, width, width);
            long each = width / heads;
            String parted =
                    writer.node("Reshape", name + "/parted", all, writer.whole(name + "/parts", 0, 0, heads, each));
            return writer.node("Transpose", name + "/heads", List.of(attribute("perm", order)), parted);
        }

        String feedForward(String name, String state) {
            String grown = dense(name + ".intermediate", state, width, GROWTH * width);
            String active = writer.gelu(name + "/activation", grown);
            return dense(name + ".output", active, GROWTH * width, width);
        }

        /** Adds the output layer over the vocabulary, whose weights are the token embeddings, and returns the model. */
        FamilyModel model(String family, String features, String last, List<String> states) {
            String rows =
                    writer.node("Reshape", "predictions/rows", last, writer.whole("predictions/shape", -1, width));
            String bias = writer.constant(TopGraph.BIAS, ParameterRole.BIAS, 0, vocabulary);
            writer.logits(
                    writer.node("Gemm", "predictions/scores", List.of(attribute("transB", 1)), rows, TABLE, bias));
            List<String> blocks = new ArrayList<>(states.subList(0, states.size() - 1));
            Collections.reverse(blocks);
            return writer.model(family, input, Map.of(features, new long[] {-1, -1, width}), features, width, blocks);
        }
    }
}
