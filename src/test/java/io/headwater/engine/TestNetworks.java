package io.headwater.engine;

import static io.headwater.engine.NetworkBuilder.list;
import static io.headwater.engine.NetworkBuilder.real;
import static io.headwater.engine.NetworkBuilder.text;
import static io.headwater.engine.NetworkBuilder.whole;

import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import onnx.Onnx.ModelProto;

/** Small networks of many families, with random weights. */
public enum TestNetworks {
    VGG {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("vgg", 13, TestModels.FLOAT).input("pixels", TestModels.FLOAT, IMAGE);
            String a = net.node("Relu", "r1", List.of(net.convolution("features.0", "pixels", 3, 6, 3, PADDED)));
            String b = net.node("Relu", "r2", List.of(net.convolution("features.2", a, 6, 6, 3, PADDED)));
            String p = net.node("MaxPool", "p1", List.of(b), list("kernel_shape", 2, 2), list("strides", 2, 2));
            String c = net.node("Relu", "r3", List.of(net.convolution("features.5", p, 6, 8, 3, PADDED)));
            String q = net.node("MaxPool", "p2", List.of(c), list("kernel_shape", 2, 2), list("strides", 2, 2));
            String flat = net.node("Flatten", "flat", List.of(q));
            net.weight("classifier.0.weight", 0, 0.2, 12, 32);
            net.weight("classifier.0.bias", 0, 0.1, 12);
            String dense = net.node(
                    "Gemm", "fc", List.of(flat, "classifier.0.weight", "classifier.0.bias"), whole("transB", 1));
            net.node("Relu", "rectified", List.of(dense));
            net.dense("classifier.3", "rectified", 12, 5);
            net.output("classifier.3", TestModels.FLOAT, 0, 5);
            return of(folder, net.build(), image(ImageLayout.NCHW), "rectified", Pooling.NONE, false);
        }
    },
    RESNET {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("resnet", 12, TestModels.FLOAT).input("pixels", TestModels.FLOAT, IMAGE);
            String stem = net.node("Relu", "stem", List.of(normalised(net, "conv1", "pixels", 3, 6, 3, PADDED)));
            String one = normalised(net, "layer1.conv1", stem, 6, 6, 3, PADDED);
            String two =
                    normalised(net, "layer1.conv2", net.node("Relu", one + "/relu", List.of(one)), 6, 6, 3, PADDED);
            String first = net.node("Relu", "layer1", List.of(net.node("Add", "layer1/sum", List.of(two, stem))));
            String down = normalised(net, "layer2.downsample", first, 6, 8, 1, list("strides", 2, 2));
            String three = normalised(net, "layer2.conv1", first, 6, 8, 3, PADDED, list("strides", 2, 2));
            String four =
                    normalised(net, "layer2.conv2", net.node("Relu", three + "/relu", List.of(three)), 8, 8, 3, PADDED);
            String second = net.node("Relu", "layer2", List.of(net.node("Add", "layer2/sum", List.of(four, down))));
            net.node("GlobalAveragePool", "pooled", List.of(second));
            net.output("pooled", TestModels.FLOAT, 0, 8, 1, 1);
            return of(folder, net.build(), image(ImageLayout.NCHW), "layer2", Pooling.MEAN, false);
        }
    },
    INCEPTION {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("inception", 13, TestModels.FLOAT).input("pixels", TestModels.FLOAT, IMAGE);
            String stem = net.node("Relu", "stem", List.of(net.convolution("stem.conv", "pixels", 3, 6, 3)));
            List<String> branches = List.of(
                    net.convolution("mixed.one", stem, 6, 4, 1),
                    net.convolution("mixed.two.b", net.convolution("mixed.two.a", stem, 6, 3, 1), 3, 4, 3, PADDED),
                    net.convolution(
                            "mixed.pool",
                            net.node(
                                    "AveragePool",
                                    "averaged",
                                    List.of(stem),
                                    list("kernel_shape", 3, 3),
                                    PADDED,
                                    list("strides", 1, 1)),
                            6,
                            4,
                            1));
            String mixed = net.node("Relu", "mixed", List.of(net.node("Concat", "joined", branches, whole("axis", 1))));
            String pooled = net.node("GlobalAveragePool", "pooled", List.of(mixed));
            net.node("Flatten", "flat", List.of(pooled));
            net.output("flat", TestModels.FLOAT, 0, 12);
            return of(folder, net.build(), image(ImageLayout.NCHW), "flat", Pooling.NONE, true);
        }
    },
    /** A MobileNet V2 with an activation of V3. Axes in TensorFlow's order: channels last, transposed inside. */
    MOBILE {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("mobile", 13, TestModels.FLOAT).input("pixels", TestModels.FLOAT, 0, 8, 8, 3);
            net.constant("zero", new float[] {0});
            net.constant("six", new float[] {6});
            String turned = net.node("Transpose", "turned", List.of("pixels"), list("perm", 0, 3, 1, 2));
            String stem = hardSwish(net, normalised(net, "stem", turned, 3, 6, 3, PADDED, list("strides", 2, 2)));
            String depth = bounded(net, normalised(net, "block.1.depth", stem, 6, 6, 3, PADDED, whole("group", 6)));
            String point = normalised(net, "block.1.point", depth, 6, 6, 1);
            String sum = net.node("Add", "block.1", List.of(point, stem));
            String last = bounded(net, normalised(net, "block.2.conv", sum, 6, 10, 1));
            net.node("Transpose", "last", List.of(last), list("perm", 0, 2, 3, 1));
            net.output("last", TestModels.FLOAT, 0, 4, 4, 10);
            return of(folder, net.build(), image(ImageLayout.NHWC), "last", Pooling.MEAN, false);
        }
    },
    /** In half precision, for one image, with its initializers listed as inputs. */
    SQUEEZE {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("squeeze", 7, TestModels.HALF).input("pixels", TestModels.HALF, 1, 3, 8, 8);
            String below = net.node("Relu", "stem", List.of(net.convolution("conv1", "pixels", 3, 6, 3)));
            int width = 6;
            for (String fire : List.of("fire2", "fire3")) {
                String squeezed = net.node(
                        "Relu", fire + "/squeeze", List.of(net.convolution(fire + ".squeeze", below, width, 3, 1)));
                String one = net.node(
                        "Relu", fire + "/one", List.of(net.convolution(fire + ".expand1x1", squeezed, 3, 4, 1)));
                String three = net.node(
                        "Relu",
                        fire + "/three",
                        List.of(net.convolution(fire + ".expand3x3", squeezed, 3, 4, 3, PADDED)));
                below = net.node("Concat", fire, List.of(one, three), whole("axis", 1));
                width = 8;
            }
            String kept = net.node("Dropout", "kept", List.of(below), real("ratio", 0.5f));
            String classes = net.node("Relu", "conv10/relu", List.of(net.convolution("conv10", kept, 8, 5, 1)));
            net.node("Softmax", "prob", List.of(net.node("GlobalAveragePool", "pool10", List.of(classes))));
            net.output("prob", TestModels.HALF, 1, 5, 1, 1);
            return of(folder, net.build(3, true), image(ImageLayout.NCHW), "fire3", Pooling.MEAN, false);
        }
    },
    BERT {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net = new NetworkBuilder("bert", 12, TestModels.FLOAT)
                    .input("input_ids", TestModels.LONG, 0, -1)
                    .input("attention_mask", TestModels.LONG, 0, -1)
                    .input("token_type_ids", TestModels.LONG, 0, -1);
            net.weight("embeddings.word", 0, 1, VOCABULARY, WIDTH);
            net.weight("embeddings.type", 0, 1, 2, WIDTH);
            net.weight("embeddings.position", 0, 1, MAX_TOKENS, WIDTH);
            String words = net.node("Gather", "words", List.of("embeddings.word", "input_ids"));
            String types = net.node("Gather", "types", List.of("embeddings.type", "token_type_ids"));
            String length = length(net, "length", "input_ids");
            String places = net.node(
                    "Slice",
                    "places",
                    List.of("embeddings.position", net.integers("from", 0), length, net.integers("axes", 0)));
            String sum = net.node("Add", "sum", List.of(net.node("Add", "typed", List.of(words, types)), places));
            String below = net.layerNormalisation("embeddings.norm", sum, WIDTH);
            String mask = net.node("Cast", "mask", List.of("attention_mask"), whole("to", TestModels.FLOAT));
            String spread = net.node("Unsqueeze", "spread", List.of(mask), list("axes", 1, 2));
            String inverse = net.node("Sub", "inverse", List.of(net.constant("one", new float[] {1}), spread));
            net.node("Mul", "masked", List.of(inverse, net.constant("far", new float[] {-10000})));
            for (int layer = 0; layer < 2; layer++) {
                String name = "encoder.layer." + layer;
                String q = heads(net, name + ".query", net.dense(name + ".query", below, WIDTH, WIDTH), false);
                String k = heads(net, name + ".key", net.dense(name + ".key", below, WIDTH, WIDTH), true);
                String v = heads(net, name + ".value", net.dense(name + ".value", below, WIDTH, WIDTH), false);
                String product = net.node("MatMul", name + "/qk", List.of(q, k));
                String scaled = net.node(
                        "Div", name + "/scaled", List.of(product, net.constant(name + "/root", new float[] {2})));
                String scores = net.node("Add", name + "/scores", List.of(scaled, "masked"));
                String weights = net.node("Softmax", name + "/attention", List.of(scores), whole("axis", 3));
                String mixed = together(net, name, net.node("MatMul", name + "/mixed", List.of(weights, v)));
                String out = net.dense(name + ".output", mixed, WIDTH, WIDTH);
                String middle = net.layerNormalisation(
                        name + ".norm1", net.node("Add", name + "/sum1", List.of(out, below)), WIDTH);
                String wide = net.gelu(name + "/gelu", net.dense(name + ".wide", middle, WIDTH, 2 * WIDTH));
                String narrow = net.dense(name + ".narrow", wide, 2 * WIDTH, WIDTH);
                below = net.layerNormalisation(
                        name + ".norm2", net.node("Add", name + "/sum2", List.of(narrow, middle)), WIDTH);
            }
            net.output(below, TestModels.FLOAT, 0, -1, WIDTH);
            return of(folder, net.build(), textInput(true), below, Pooling.MEAN, true);
        }
    },
    /**
     * Every token attends only to those before it; sizes are computed from the shapes of hidden states, as exporters
     * write them.
     */
    GPT {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("gpt", 14, TestModels.FLOAT).input("input_ids", TestModels.LONG, 0, -1);
            net.weight("wte", 0, 1, VOCABULARY, WIDTH);
            net.weight("wpe", 0, 1, MAX_TOKENS, WIDTH);
            net.causal("seen", MAX_TOKENS);
            net.constant("far", new float[] {-1e9f});
            net.integers("from", 0);
            net.integers("last", 2);
            net.integers("before", 3);
            String length = length(net, "length", "input_ids");
            String places = net.node("Slice", "places", List.of("wpe", "from", length, net.integers("zero", 0)));
            String below = net.node(
                    "Add", "h.embedded", List.of(net.node("Gather", "words", List.of("wte", "input_ids")), places));
            for (int layer = 0; layer < 2; layer++) {
                String name = "h." + layer;
                String norm = net.layerNormalisation(name + ".ln_1", below, WIDTH);
                String q = heads(net, name + ".q", flatDense(net, name + ".q", norm), false);
                String k = heads(net, name + ".k", flatDense(net, name + ".k", norm), true);
                String v = heads(net, name + ".v", flatDense(net, name + ".v", norm), false);
                String scores = net.node("MatMul", name + "/qk", List.of(q, k));
                String size = net.node(
                        "Gather",
                        name + "/size",
                        List.of(net.node("Shape", name + "/shape", List.of(scores)), "before"));
                String rows = net.node("Slice", name + "/rows", List.of("seen", "from", size, "last"));
                String seen = net.node("Slice", name + "/seen", List.of(rows, "from", size, "before"));
                String masked = net.node("Where", name + "/masked", List.of(seen, scores, "far"));
                String weights = net.node("Softmax", name + "/attention", List.of(masked), whole("axis", -1));
                String mixed = together(net, name, net.node("MatMul", name + "/mixed", List.of(weights, v)));
                String middle =
                        net.node("Add", name + "/middle", List.of(flatDense(net, name + ".proj", mixed), below));
                String wide = net.dense(
                        name + ".fc", net.layerNormalisation(name + ".ln_2", middle, WIDTH), WIDTH, 2 * WIDTH);
                String bent = net.node("Tanh", name + "/bent", List.of(wide));
                below = net.node("Add", name, List.of(net.dense(name + ".out", bent, 2 * WIDTH, WIDTH), middle));
            }
            net.output(below, TestModels.FLOAT, 0, -1, WIDTH);
            return of(folder, net.build(), textInput(false), below, Pooling.LAST, false);
        }
    },
    /** Two bidirectional recurrent layers over the tokens of a text, the second with a skip connection. */
    ELMO {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net = new NetworkBuilder("elmo", 13, TestModels.FLOAT)
                    .input("input_ids", TestModels.LONG, 0, -1)
                    .input("attention_mask", TestModels.LONG, 0, -1);
            net.weight("embeddings.word", 0, 1, VOCABULARY, WIDTH);
            String count = net.node(
                    "ReduceSum", "count", List.of("attention_mask", net.integers("tokens", 1)), whole("keepdims", 0));
            net.node("Cast", "lengths", List.of(count), whole("to", 6));
            String words = net.node("Gather", "embedded", List.of("embeddings.word", "input_ids"));
            String first = recurrent(net, "lstm.0", words);
            String second = recurrent(net, "lstm.1", first);
            net.node("Add", "encoded", List.of(second, first));
            net.output("encoded", TestModels.FLOAT, 0, -1, WIDTH);
            TextInput of = TestModels.miniLmInput(MAX_TOKENS);
            TextInput input = new TextInput(of.tokenizer(), MAX_TOKENS, "input_ids", "attention_mask", "");
            return of(folder, net.build(), input, "encoded", Pooling.MEAN, false);
        }
    },
    /** An encoder as optimised by ONNX Runtime: attention, skips and activations are fused into single nodes. */
    FUSED {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net = new NetworkBuilder("fused", 13, TestModels.FLOAT)
                    .input("input_ids", TestModels.LONG, 0, -1)
                    .input("attention_mask", TestModels.LONG, 0, -1);
            net.weight("embeddings.word", 0, 1, VOCABULARY, WIDTH);
            String below = net.node("Gather", "embedded", List.of("embeddings.word", "input_ids"));
            String mask = net.node("Cast", "mask", List.of("attention_mask"), whole("to", 6));
            for (int layer = 0; layer < 2; layer++) {
                String name = "encoder.layer." + layer;
                net.matrix(name + ".qkv.weight", WIDTH, WIDTH, 3 * WIDTH);
                net.weight(name + ".qkv.bias", 0, 0.1, 3 * WIDTH);
                String mixed = net.node(
                        "com.microsoft",
                        "Attention",
                        name + "/mixed",
                        List.of(below, name + ".qkv.weight", name + ".qkv.bias", mask),
                        whole("num_heads", 2));
                net.matrix(name + ".output.weight", WIDTH, WIDTH, WIDTH);
                String out = net.node("MatMul", name + "/out", List.of(mixed, name + ".output.weight"));
                String middle = skip(net, name + ".norm1", out, below);
                net.matrix(name + ".wide.weight", WIDTH, WIDTH, 2 * WIDTH);
                net.weight(name + ".wide.bias", 0, 0.1, 2 * WIDTH);
                String wide = net.node("MatMul", name + "/wide", List.of(middle, name + ".wide.weight"));
                String bent = net.node("com.microsoft", "BiasGelu", name + "/gelu", List.of(wide, name + ".wide.bias"));
                net.matrix(name + ".narrow.weight", 2 * WIDTH, 2 * WIDTH, WIDTH);
                String narrow = net.node("MatMul", name + "/narrow", List.of(bent, name + ".narrow.weight"));
                below = skip(net, name + ".norm2", narrow, middle);
            }
            net.output(below, TestModels.FLOAT, 0, -1, WIDTH);
            TextInput of = TestModels.miniLmInput(MAX_TOKENS);
            TextInput input = new TextInput(of.tokenizer(), MAX_TOKENS, "input_ids", "attention_mask", "");
            return of(folder, net.build(), input, below, Pooling.FIRST, false);
        }
    },
    /** Reads a waveform: convolutions over time, then a layer of width 8 over [batch, time, width]. */
    WAVE {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("wave", 21, TestModels.FLOAT).input("wave", TestModels.FLOAT, 0, 40);
            String line = net.node("Unsqueeze", "line", List.of("wave", net.integers("one", 1)));
            String first = line(net, "features.0", line, 1, 6, 4, list("strides", 2));
            net.weight("features.0.norm.weight", 1, 0.1, 6);
            net.weight("features.0.norm.bias", 0, 0.1, 6);
            String normed = net.node(
                    "GroupNormalization",
                    "normed",
                    List.of(first, "features.0.norm.weight", "features.0.norm.bias"),
                    whole("num_groups", 3));
            String bent = net.node("Gelu", "bent", List.of(normed));
            String second =
                    net.node("Gelu", "bent2", List.of(line(net, "features.1", bent, 6, 8, 3, list("strides", 2))));
            String turned = net.node("Transpose", "turned", List.of(second), list("perm", 0, 2, 1));
            net.weight("norm.weight", 1, 0.1, 8);
            net.weight("norm.bias", 0, 0.1, 8);
            String layer = net.node("LayerNormalization", "layer", List.of(turned, "norm.weight", "norm.bias"));
            String dense = net.node("Gelu", "bent3", List.of(net.dense("encoder.0", layer, 8, 8)));
            net.node("Add", "encoded", List.of(dense, layer));
            net.output("encoded", TestModels.FLOAT, 0, 9, 8);
            BaseModelInput input = new TensorInput("wave", List.of(40), List.of());
            return of(folder, net.build(10, false), input, "encoded", Pooling.MEAN, false);
        }
    },
    /** Convolutions over frames of 8 mel bins, then the mean over both remaining axes. */
    MEL {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("mel", 13, TestModels.FLOAT).input("frames", TestModels.FLOAT, 0, 12, 8);
            String image = net.node("Unsqueeze", "image", List.of("frames", net.integers("one", 1)));
            String first = net.node(
                    "Relu", "relu1", List.of(normalised(net, "conv1", image, 1, 5, 3, PADDED, list("strides", 2, 1))));
            String second = net.node("LeakyRelu", "relu2", List.of(net.convolution("conv2", first, 5, 8, 3, PADDED)));
            String smaller =
                    net.node("MaxPool", "pooled", List.of(second), list("kernel_shape", 2, 2), list("strides", 2, 2));
            String last = net.node("Relu", "relu3", List.of(net.convolution("conv3", smaller, 8, 9, 1)));
            net.node("ReduceMean", "embedding", List.of(last), list("axes", 2, 3), whole("keepdims", 0));
            net.output("embedding", TestModels.FLOAT, 0, 9);
            BaseModelInput input = new TensorInput("frames", List.of(12, 8), List.of());
            return of(folder, net.build(), input, "embedding", Pooling.NONE, true);
        }
    },
    POLICY {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("policy", 9, TestModels.FLOAT).input("wave", TestModels.FLOAT, 0, 6);
            String below = "wave";
            int width = 6;
            for (String layer : List.of("mlp.0", "mlp.1", "mlp.2")) {
                net.matrix(layer + ".weight", width, 7, width);
                net.weight(layer + ".bias", 0, 0.1, 7);
                String sum = net.node(
                        "Gemm", layer + "/sum", List.of(below, layer + ".weight", layer + ".bias"), whole("transB", 1));
                below = net.node("Tanh", layer, List.of(sum));
                width = 7;
            }
            net.dense("actions", below, 7, 3);
            net.output("actions", TestModels.FLOAT, 0, 3);
            BaseModelInput input = new TensorInput("wave", List.of(6), List.of());
            return of(folder, net.build(), input, below, Pooling.NONE, false);
        }
    },
    /** A policy that reads the last two images of a game. */
    PIXEL_POLICY {
        @Override
        public BaseModelManifest manifest(Path folder) {
            NetworkBuilder net =
                    new NetworkBuilder("pixels", 11, TestModels.FLOAT).input("frames", TestModels.FLOAT, 0, 2, 9, 9);
            String first = net.node(
                    "Relu", "relu1", List.of(net.convolution("conv.0", "frames", 2, 5, 3, list("strides", 2, 2))));
            String second = net.node("Relu", "relu2", List.of(net.convolution("conv.1", first, 5, 6, 2)));
            String flat = net.node("Flatten", "flat", List.of(second));
            String hidden = net.node("Relu", "hidden", List.of(net.dense("fc", flat, 54, 10)));
            net.dense("actions", hidden, 10, 3);
            net.output("actions", TestModels.FLOAT, 0, 3);
            BaseModelInput input = new TensorInput("frames", List.of(2, 9, 9), List.of());
            return of(folder, net.build(), input, "hidden", Pooling.NONE, false);
        }
    };

    static final int WIDTH = 8;
    private static final int MAX_TOKENS = 32;
    private static final int VOCABULARY = 40;
    private static final long[] IMAGE = {0, 3, 8, 8};
    private static final onnx.Onnx.AttributeProto PADDED = list("pads", 1, 1, 1, 1);

    /** Returns its manifest; the file is written to {@code folder}. */
    public abstract BaseModelManifest manifest(Path folder);

    /** Returns its task. */
    public TaskKind task() {
        return switch (this) {
            case BERT, GPT, ELMO, FUSED -> TaskKind.TEXT_CLASSIFICATION;
            case WAVE, MEL, POLICY, PIXEL_POLICY -> TaskKind.TENSOR_CLASSIFICATION;
            default -> TaskKind.IMAGE_CLASSIFICATION;
        };
    }

    /** Returns random inputs; texts have 1 to 20 tokens. */
    public List<ModelInput> samples(int count, long seed) {
        Random random = new Random(seed);
        List<ModelInput> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(
                    switch (task()) {
                        case TEXT_CLASSIFICATION ->
                            new ModelInput.Tokens(random.longs(1 + random.nextInt(20), 0, VOCABULARY)
                                    .toArray());
                        case TENSOR_CLASSIFICATION -> new ModelInput.Numbers(gaussian(random, numbers()));
                        default -> new ModelInput.Pixels(gaussian(random, 3 * 8 * 8));
                    });
        }
        return samples;
    }

    private int numbers() {
        return switch (this) {
            case WAVE -> 40;
            case MEL -> 12 * 8;
            case PIXEL_POLICY -> 2 * 9 * 9;
            default -> 6;
        };
    }

    private static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    // Parts that several networks share.

    private static String normalised(
            NetworkBuilder net,
            String name,
            String below,
            int in,
            int out,
            int size,
            onnx.Onnx.AttributeProto... attributes) {
        return net.batchNormalisation(name + ".bn", net.convolution(name, below, in, out, size, attributes), out);
    }

    /** Adds a hard swish as exporters write it before operator set 14. */
    private static String hardSwish(NetworkBuilder net, String below) {
        String gate = net.node("HardSigmoid", below + "/gate", List.of(below), real("alpha", 1 / 6f));
        return net.node("Mul", below + "/swish", List.of(below, gate));
    }

    private static String bounded(NetworkBuilder net, String below) {
        return net.node("Clip", below + "/clip", List.of(below, "zero", "six"));
    }

    /** Adds a convolution over one axis. */
    private static String line(
            NetworkBuilder net,
            String name,
            String below,
            int in,
            int out,
            int size,
            onnx.Onnx.AttributeProto strides) {
        net.matrix(name + ".weight", (long) in * size, out, in, size);
        net.weight(name + ".bias", 0, 0.1, out);
        return net.node("Conv", name, List.of(below, name + ".weight", name + ".bias"), strides);
    }

    private static String skip(NetworkBuilder net, String name, String below, String skipped) {
        net.weight(name + ".weight", 1, 0.1, WIDTH);
        net.weight(name + ".bias", 0, 0.1, WIDTH);
        return net.node(
                "com.microsoft",
                "SkipLayerNormalization",
                name,
                List.of(below, skipped, name + ".weight", name + ".bias"),
                real("epsilon", 1e-5f));
    }

    /** Adds the number of tokens as a vector of one element. */
    private static String length(NetworkBuilder net, String name, String ids) {
        String shape = net.node("Shape", name + "/shape", List.of(ids));
        return net.node("Gather", name, List.of(shape, net.integers(name + "/axis", 1)));
    }

    /** Adds a bidirectional LSTM over [N, S, 8] with a hidden size of four per direction. */
    private static String recurrent(NetworkBuilder net, String name, String below) {
        String steps = net.node("Transpose", name + "/steps", List.of(below), list("perm", 1, 0, 2));
        net.matrix(name + ".weight", WIDTH, 2, 4 * 4, WIDTH);
        net.matrix(name + ".recurrent", 4, 2, 4 * 4, 4);
        net.weight(name + ".bias", 0, 0.1, 2, 2 * 4 * 4);
        String both = net.node(
                "LSTM",
                name + "/both",
                List.of(steps, name + ".weight", name + ".recurrent", name + ".bias", "lengths"),
                text("direction", "bidirectional"),
                whole("hidden_size", 4));
        String turned = net.node("Transpose", name + "/turned", List.of(both), list("perm", 2, 0, 1, 3));
        return net.node("Reshape", name, List.of(turned, net.integers(name + "/shape", 0, 0, WIDTH)));
    }

    /** Splits [N, S, 8] into two heads: [N, 2, S, 4], or transposed [N, 2, 4, S]. */
    private static String heads(NetworkBuilder net, String name, String below, boolean turned) {
        String split =
                net.node("Reshape", name + "/split", List.of(below, net.integers(name + "/split/shape", 0, 0, 2, 4)));
        return net.node(
                "Transpose",
                name + "/heads",
                List.of(split),
                turned ? list("perm", 0, 2, 3, 1) : list("perm", 0, 2, 1, 3));
    }

    private static String together(NetworkBuilder net, String name, String heads) {
        String turned = net.node("Transpose", name + "/turned", List.of(heads), list("perm", 0, 2, 1, 3));
        return net.node(
                "Reshape", name + "/together", List.of(turned, net.integers(name + "/together/shape", 0, 0, WIDTH)));
    }

    /**
     * Adds x W + b as in GPT-2: flattened to one row per token, and reshaped back to the shape of the hidden states.
     */
    private static String flatDense(NetworkBuilder net, String name, String below) {
        net.matrix(name + ".weight", WIDTH, WIDTH, WIDTH);
        net.weight(name + ".bias", 0, 0.1, WIDTH);
        String shape = net.node("Shape", name + "/shape", List.of(below));
        String flat =
                net.node("Reshape", name + "/flat", List.of(below, net.integers(name + "/flat/shape", -1, WIDTH)));
        String product = net.node("Gemm", name + "/gemm", List.of(flat, name + ".weight", name + ".bias"));
        return net.node("Reshape", name, List.of(product, shape));
    }

    private static ImageInput image(ImageLayout layout) {
        return new ImageInput("pixels", 8, 8, layout, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    }

    private static TextInput textInput(boolean masked) {
        TextInput of = TestModels.miniLmInput(MAX_TOKENS);
        return new TextInput(
                of.tokenizer(),
                MAX_TOKENS,
                "input_ids",
                masked ? "attention_mask" : "",
                masked ? "token_type_ids" : "");
    }

    private static BaseModelManifest of(
            Path folder, ModelProto model, BaseModelInput input, String cut, Pooling pooling, boolean normalise) {
        return new BaseModelManifest(
                "network", "none", TestModels.write(folder, model.toByteArray()), input, cut, pooling, normalise);
    }
}
