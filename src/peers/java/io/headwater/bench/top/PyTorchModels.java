package io.headwater.bench.top;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/** The tops of {@link TopCase} written for DJL: rows at the cut in, logits out, with the weights that the models have. */
final class PyTorchModels {
    private static final int MINILM_WIDTH = 384;
    private static final int MINILM_HEADS = 12;
    // Names that a model's exporter gave to what has none, of each block in the order of the layers.
    private static final Map<Integer, int[]> MINILM_PRODUCTS =
            Map.of(4, new int[] {937, 938, 941, 947, 948, 949}, 5, new int[] {950, 951, 954, 960, 961, 962});
    private static final float TANH_GELU_SLOPE = (float) Math.sqrt(2 / Math.PI);
    private static final float TANH_GELU_CUBE = 0.044715f;

    private final TopCase top;
    private final Map<String, NDArray> weights;
    private final Map<String, NDArray> constants = new TreeMap<>();

    PyTorchModels(TopCase top, Map<String, NDArray> weights, Map<String, NDArray> constants) {
        this.top = top;
        this.weights = weights;
        this.constants.putAll(constants);
    }

    /** The shape of a batch at the cut. */
    static Shape cut(TopCase top, int rows) {
        return switch (top) {
            case MINILM_1, MINILM_2 -> new Shape(rows, top.tokens(), MINILM_WIDTH);
            case SQUEEZENET -> new Shape(rows, 512, 13, 13);
            case RESNET -> new Shape(rows, TopModels.RESIDUAL_WIDTH, 7, 7);
            case INCEPTION -> new Shape(rows, TopModels.INCEPTION_WIDTH, 18, 18);
            case GPT2 -> new Shape(rows, top.tokens(), TopModels.DECODER_WIDTH);
        };
    }

    /** What does not learn beside {@link TopFixture#constants}. */
    static Map<String, Tensor.F32> constants(TopCase top, TopFixture fixture) {
        Map<String, Tensor.F32> constants = new TreeMap<>(fixture.constants());
        constants.keySet().removeIf(name -> !name.startsWith("layer4.2."));
        int tokens = top.tokens();
        float[] causal = new float[tokens * tokens];
        for (int i = 0; i < causal.length; i++) {
            causal[i] = i % tokens <= i / tokens ? 0 : Float.NEGATIVE_INFINITY;
        }
        constants.put("causal", new Tensor.F32(new int[] {1, 1, tokens, tokens}, causal));
        return constants;
    }

    NDArray logits(NDArray x) {
        NDArray features = switch (top) {
            case MINILM_1 -> sentence(miniLm(x, 5));
            case MINILM_2 -> sentence(miniLm(miniLm(x, 4), 5));
            case SQUEEZENET -> Pool.globalAvgPool2d(fire(x));
            case RESNET -> Pool.globalAvgPool2d(bottleneck(x));
            case INCEPTION -> Pool.globalAvgPool2d(inception(x));
            case GPT2 -> layerNorm(decoder(x), "ln_f").get(":, -1");
        };
        return features.matMul(weight("output/W")).add(weight("output/b"));
    }

    private NDArray weight(String name) {
        NDArray weight = weights.getOrDefault(name, constants.get(name));
        if (weight == null) {
            throw new IllegalStateException("the fixture has no '" + name + "', only " + weights.keySet());
        }
        return weight;
    }

    // MiniLM.

    private NDArray miniLm(NDArray x, int layer) {
        int[] products = MINILM_PRODUCTS.get(layer);
        if (products == null) {
            throw new IllegalArgumentException("MiniLM's layer " + layer + " is none of those that are trained");
        }
        String name = "encoder.layer." + layer + ".";
        int heads = MINILM_HEADS;
        NDArray q = heads(linear(x, products[0], name + "attention.self.query.bias"), heads);
        NDArray k = heads(linear(x, products[1], name + "attention.self.key.bias"), heads);
        NDArray v = heads(linear(x, products[2], name + "attention.self.value.bias"), heads);
        NDArray scores = q.matMul(k.transpose(0, 1, 3, 2)).mul(scale(MINILM_WIDTH, heads));
        NDArray mixed = joined(scores.softmax(-1).matMul(v));
        NDArray attended = linear(mixed, products[3], name + "attention.output.dense.bias");
        NDArray between = bertNorm(attended.add(x), name + "attention.output.LayerNorm");
        NDArray inner = Activation.gelu(linear(between, products[4], name + "intermediate.dense.bias"));
        return bertNorm(linear(inner, products[5], name + "output.dense.bias").add(between), name + "output.LayerNorm");
    }

    private NDArray linear(NDArray x, int product, String bias) {
        return x.matMul(weight("onnx::MatMul_" + product)).add(weight(bias));
    }

    private NDArray bertNorm(NDArray x, String name) {
        return layerNorm(x, name, 1e-12f);
    }

    /** Mean over the tokens, scaled to unit length. */
    private static NDArray sentence(NDArray x) {
        NDArray mean = x.mean(new int[] {1});
        return mean.div(mean.mul(mean).sum(new int[] {1}, true).sqrt());
    }

    // Attention.

    private static float scale(int width, int heads) {
        return (float) (1 / Math.sqrt(width / (double) heads));
    }

    private static NDArray heads(NDArray x, int heads) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), heads, shape.get(2) / heads)
                .transpose(0, 2, 1, 3);
    }

    private static NDArray joined(NDArray x) {
        Shape shape = x.getShape();
        return x.transpose(0, 2, 1, 3).reshape(shape.get(0), shape.get(2), shape.get(1) * shape.get(3));
    }

    private NDArray layerNorm(NDArray x, String name) {
        return layerNorm(x, name, 1e-5f);
    }

    private NDArray layerNorm(NDArray x, String name, float epsilon) {
        Shape width = new Shape(x.getShape().get(2));
        return LayerNorm.layerNorm(x, width, weight(name + ".weight"), weight(name + ".bias"), epsilon)
                .singletonOrThrow();
    }

    // Decoder.

    private NDArray decoder(NDArray x) {
        NDArray all = dense(layerNorm(x, "h.1.ln_1"), "h.1.attn.c_attn");
        int heads = TopModels.DECODER_HEADS;
        var parts = all.split(3, 2);
        NDArray q = heads(parts.get(0), heads);
        NDArray k = heads(parts.get(1), heads);
        NDArray v = heads(parts.get(2), heads);
        NDArray scores = q.matMul(k.transpose(0, 1, 3, 2)).mul(scale(TopModels.DECODER_WIDTH, heads));
        NDArray mixed = joined(scores.add(weight("causal")).softmax(-1).matMul(v));
        NDArray attended = dense(mixed, "h.1.attn.c_proj").add(x);
        NDArray inner = tanhGelu(dense(layerNorm(attended, "h.1.ln_2"), "h.1.mlp.c_fc"));
        return dense(inner, "h.1.mlp.c_proj").add(attended);
    }

    private NDArray dense(NDArray x, String name) {
        return x.matMul(weight(name + ".weight")).add(weight(name + ".bias"));
    }

    private static NDArray tanhGelu(NDArray x) {
        NDArray inner = x.add(x.mul(x).mul(x).mul(TANH_GELU_CUBE)).mul(TANH_GELU_SLOPE);
        return x.mul(inner.tanh().add(1)).mul(0.5f);
    }

    // Convolutions.

    private NDArray fire(NDArray x) {
        NDArray squeezed = Activation.relu(named(x, "fire9/squeeze1x1", 0));
        return NDArrays.concat(
                new NDList(
                        Activation.relu(named(squeezed, "fire9/expand1x1", 0)),
                        Activation.relu(named(squeezed, "fire9/expand3x3", 1))),
                1);
    }

    private NDArray named(NDArray x, String name, int pad) {
        return conv(x, weight(name + "_w_0"), weight(name + "_b_0"), pad, pad);
    }

    private NDArray bottleneck(NDArray x) {
        NDArray first = Activation.relu(normalised(x, "layer4.2.1", 0));
        NDArray second = Activation.relu(normalised(first, "layer4.2.2", 1));
        return Activation.relu(normalised(second, "layer4.2.3", 0).add(x));
    }

    private NDArray normalised(NDArray x, String name, int pad) {
        NDArray conv = Conv2d.conv2d(x, weight(name + ".conv.weight"), null, new Shape(1, 1), new Shape(pad, pad))
                .singletonOrThrow();
        String norm = name + ".bn.";
        // Statistics stay as they are: they are not those of the batch.
        return BatchNorm.batchNorm(
                        conv,
                        weight(norm + "running_mean"),
                        weight(norm + "running_var"),
                        weight(norm + "weight"),
                        weight(norm + "bias"),
                        1,
                        0.9f,
                        1e-5f,
                        false)
                .singletonOrThrow();
    }

    private NDArray inception(NDArray x) {
        NDArray one = branch(x, "one", 0, 0);
        NDArray two = branch(branch(branch(x, "two1", 0, 0), "two2", 0, 3), "two3", 3, 0);
        NDArray three = branch(branch(x, "three1", 0, 0), "three2", 1, 1);
        NDArray pooled = Pool.avgPool2d(x, new Shape(3, 3), new Shape(1, 1), new Shape(1, 1), false, true);
        NDArray four = branch(pooled, "four", 0, 0);
        return NDArrays.concat(new NDList(one, two, three, four), 1);
    }

    private NDArray branch(NDArray x, String name, int high, int wide) {
        return Activation.relu(
                conv(x, weight("block." + name + ".weight"), weight("block." + name + ".bias"), high, wide));
    }

    private static NDArray conv(NDArray x, NDArray weight, NDArray bias, int high, int wide) {
        return Conv2d.conv2d(x, weight, bias, new Shape(1, 1), new Shape(high, wide))
                .singletonOrThrow();
    }
}
