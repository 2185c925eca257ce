package io.headwater.engine.runtime;

import static io.headwater.engine.NetworkBuilder.list;
import static io.headwater.engine.NetworkBuilder.real;
import static io.headwater.engine.NetworkBuilder.whole;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.engine.Logits;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NetworkBuilder;
import io.headwater.engine.Softmax;
import io.headwater.engine.TestModels;
import io.headwater.engine.onnx.OnnxModelFile;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Small classifiers with random weights, which cover all forms of output layers that can be kept. */
enum ClassifierModels {
    /** A dense layer on numbers, with a transposed and scaled matrix. */
    TURNED(13, Kind.NUMBERS, "features", Pooling.NONE, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.weight("fc.weight", 0, 0.5, classes, WIDTH);
            net.weight("fc.bias", 0, 0.5, classes);
            net.node(
                    "Gemm",
                    "scores",
                    List.of("features", "fc.weight", "fc.bias"),
                    whole("transB", 1),
                    real("alpha", 0.5f),
                    real("beta", -2));
        }
    },
    /** Without a bias, and with log-probabilities as output. */
    UNBIASED(13, Kind.NUMBERS, "features", Pooling.NONE, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.weight("fc.weight", 0, 0.5, classes, WIDTH);
            net.node("Transpose", "fc.turned", List.of("fc.weight"), list("perm", 1, 0));
            net.node("MatMul", "product", List.of("features", "fc.turned"));
            net.node("LogSoftmax", "scores", List.of("product"), whole("axis", -1));
        }
    },
    /** The pooler of an encoder, with the bias as first operand of the addition. */
    ENCODER(12, Kind.TEXT, "pooled", Pooling.NONE, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.node("Gather", "first", List.of("features", net.integer("zero", 0)), whole("axis", 1));
            net.node("Tanh", "pooled", List.of(net.dense("pooler", "first", WIDTH, WIDTH)));
            net.node("Dropout", "kept", List.of("pooled"));
            net.weight("fc.weight", 0, 0.5, WIDTH, classes);
            net.node("MatMul", "product", List.of("kept", "fc.weight"));
            net.node("Add", "scores", List.of(net.weight("fc.bias", 0, 0.5, classes), "product"));
        }
    },
    /** The first token. */
    FIRST(14, Kind.TEXT, "features", Pooling.FIRST, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.node("Gather", "first", List.of("features", net.integer("zero", 0)), whole("axis", 1));
            net.node("Softmax", "scores", List.of(net.dense("fc", "first", WIDTH, classes)), whole("axis", -1));
        }
    },
    /** Scores of every token, then their mean. */
    TOKENS(13, Kind.TEXT, "features", Pooling.MEAN, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.dense("fc", "features", WIDTH, classes);
            net.node("ReduceMean", "scores", List.of("fc"), list("axes", 1), whole("keepdims", 0));
        }
    },
    /** Features of length 1. */
    SPHERE(13, Kind.TEXT, "features", Pooling.MEAN, true) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.node("ReduceMean", "mean", List.of("features"), list("axes", -2), whole("keepdims", 0));
            net.node("LpNormalization", "unit", List.of("mean"), whole("p", 2), whole("axis", -1));
            net.node("Softmax", "scores", List.of(net.dense("fc", "unit", WIDTH, classes)));
        }
    },
    /** A residual network's end. */
    POOLED(13, Kind.IMAGE, "features", Pooling.MEAN, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.node("GlobalAveragePool", "mean", List.of("features"));
            net.node("Flatten", "flat", List.of("mean"));
            net.weight("fc.weight", 0, 0.5, classes, WIDTH);
            net.weight("fc.bias", 0, 0.5, classes);
            net.node("Gemm", "fc", List.of("flat", "fc.weight", "fc.bias"), whole("transB", 1));
            net.node("Softmax", "scores", List.of("fc"), whole("axis", 1));
        }
    },
    /**
     * Half precision, a convolution to one map per class, their mean, and a softmax with the axis of old operator
     * sets.
     */
    MAPS(11, Kind.HALF_IMAGE, "features", Pooling.MEAN, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.convolution("conv10", "features", WIDTH, classes, 1);
            net.node("AveragePool", "mean", List.of("conv10"), list("kernel_shape", 4, 4));
            net.node("Softmax", "scores", List.of("mean"));
        }
    },
    /** A convolution after the mean, with the bias added by a separate node. */
    POINT(13, Kind.IMAGE, "features", Pooling.MEAN, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.node("ReduceMean", "mean", List.of("features"), list("axes", 2, 3));
            net.weight("conv.weight", 0, 0.5, classes, WIDTH, 1, 1);
            net.node("Conv", "conv", List.of("mean", "conv.weight"));
            net.node("Add", "biased", List.of("conv", net.weight("conv.bias", 0, 0.5, 1, classes, 1, 1)));
            net.node("Reshape", "scores", List.of("biased", net.integers("shape", 0, -1)));
        }
    },
    /** Channels last. */
    TURNED_IMAGE(13, Kind.IMAGE, "features", Pooling.MEAN, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.node("Transpose", "last", List.of("features"), list("perm", 0, 2, 3, 1));
            net.node("ReduceMean", "mean", List.of("last"), list("axes", 1, -2), whole("keepdims", 0));
            net.node("Cast", "cast", List.of("mean"), whole("to", TestModels.FLOAT));
            net.node("Softmax", "scores", List.of(net.dense("fc", "cast", WIDTH, classes)));
        }
    },
    /** All values of a map, flattened. */
    FLAT(13, Kind.IMAGE, "flat", Pooling.NONE, false) {
        @Override
        void top(NetworkBuilder net, int classes) {
            net.node("Flatten", "flat", List.of("features"));
            net.node("Softmax", "scores", List.of(net.dense("fc", "flat", 16 * WIDTH, classes)));
        }
    };

    /** The kinds of model input. */
    enum Kind {
        NUMBERS,
        TEXT,
        IMAGE,
        HALF_IMAGE
    }

    static final int WIDTH = 6;
    private static final int VOCABULARY = 40;

    private final int opset;
    private final Kind kind;
    private final String cut;
    private final Pooling pooling;
    private final boolean normalise;

    ClassifierModels(int opset, Kind kind, String cut, Pooling pooling, boolean normalise) {
        this.opset = opset;
        this.kind = kind;
        this.cut = cut;
        this.pooling = pooling;
        this.normalise = normalise;
    }

    /** Adds what is above "features"; ends in "scores". */
    abstract void top(NetworkBuilder net, int classes);

    /** Returns its manifest with labels "c0", "c1" and so on; the file is written to {@code folder}. */
    BaseModelManifest manifest(Path folder, long seed, int classes) {
        NetworkBuilder net = builder(seed);
        top(net, classes);
        net.output("scores", type(), 0, classes);
        return manifest(folder, net, classes);
    }

    /** Returns the manifest of a model with another top, which names its output itself. */
    BaseModelManifest manifest(Path folder, NetworkBuilder net, int classes) {
        return new BaseModelManifest(
                        "classifier",
                        "none",
                        TestModels.write(folder, net.build().toByteArray()),
                        input(),
                        cut,
                        pooling,
                        normalise)
                .withLabels(labels(classes));
    }

    static List<String> labels(int classes) {
        return IntStream.range(0, classes).mapToObj(i -> "c" + i).toList();
    }

    int type() {
        return kind == Kind.HALF_IMAGE ? TestModels.HALF : TestModels.FLOAT;
    }

    /** Returns a model up to "features", with the cut "low" below its last layer. */
    NetworkBuilder builder(long seed) {
        NetworkBuilder net = new NetworkBuilder(name() + seed, opset, type());
        switch (kind) {
            case NUMBERS -> {
                net.input("numbers", TestModels.FLOAT, 0, 5);
                net.node("Tanh", "low", List.of(net.dense("mlp.0", "numbers", 5, WIDTH)));
                net.node("Tanh", "features", List.of(net.dense("mlp.1", "low", WIDTH, WIDTH)));
            }
            case TEXT -> {
                net.input("input_ids", TestModels.LONG, 0, -1);
                net.weight("embeddings", 0, 1, VOCABULARY, WIDTH);
                net.node("Gather", "low", List.of("embeddings", "input_ids"));
                net.node("Tanh", "features", List.of(net.dense("layer.0", "low", WIDTH, WIDTH)));
            }
            default -> {
                net.input("pixels", type(), 0, 3, 4, 4);
                net.node(
                        "Relu",
                        "low",
                        List.of(net.convolution("conv.0", "pixels", 3, WIDTH, 3, list("pads", 1, 1, 1, 1))));
                net.node("Tanh", "features", List.of(net.convolution("conv.1", "low", WIDTH, WIDTH, 1)));
            }
        }
        return net;
    }

    private BaseModelInput input() {
        return switch (kind) {
            case NUMBERS -> new TensorInput("numbers", List.of(5), List.of());
            case TEXT -> {
                TextInput of = TestModels.miniLmInput(32);
                yield new TextInput(of.tokenizer(), 32, "input_ids", "", "");
            }
            default ->
                new ImageInput(
                        "pixels", 4, 4, ImageLayout.NCHW, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        };
    }

    /** Random inputs; texts have 1 to 12 tokens. */
    List<ModelInput> samples(int count, long seed) {
        Random random = new Random(seed);
        List<ModelInput> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(
                    switch (kind) {
                        case NUMBERS -> new ModelInput.Numbers(gaussian(random, 5));
                        case TEXT ->
                            new ModelInput.Tokens(random.longs(1 + random.nextInt(12), 0, VOCABULARY)
                                    .toArray());
                        default -> new ModelInput.Pixels(gaussian(random, 48));
                    });
        }
        return samples;
    }

    private static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns the probabilities that the whole model gives for each sample, run alone and without padding. */
    static float[][] uncut(BaseModelManifest manifest, List<ModelInput> samples) throws OrtException {
        return decode(OnnxBackbone.model(manifest).toByteArray(), "scores", samples);
    }

    /** Returns the probabilities of any model that outputs scores or probabilities. */
    static float[][] decode(byte[] file, String output, List<ModelInput> samples) throws OrtException {
        float[][] predicted = new float[samples.size()][];
        boolean softmax = isSoftmax(file, output);
        try (OrtSession session = OnnxRuntime.environment().createSession(file)) {
            for (int i = 0; i < predicted.length; i++) {
                Map<String, OnnxTensor> inputs = new HashMap<>();
                for (var input : session.getInputInfo().entrySet()) {
                    inputs.put(
                            input.getKey(), tensor((TensorInfo) input.getValue().getInfo(), samples.get(i)));
                }
                try (OrtSession.Result result = session.run(inputs)) {
                    predicted[i] = probabilities((OnnxTensor) result.get(output).orElseThrow(), softmax);
                } finally {
                    inputs.values().forEach(OnnxTensor::close);
                }
            }
        }
        return predicted;
    }

    private static boolean isSoftmax(byte[] file, String output) {
        return OnnxModelFile.parse(file).getGraph().getNodeList().stream()
                .anyMatch(node ->
                        node.getOpType().equals("Softmax") && node.getOutput(0).equals(output));
    }

    private static float[] probabilities(OnnxTensor scores, boolean softmax) {
        float[] values = new float[scores.getFloatBuffer().remaining()];
        scores.getFloatBuffer().get(values);
        if (softmax) {
            return values;
        }
        double[] shares = Softmax.ofRow(Logits.wide(values), 0, values.length).probabilities();
        float[] probabilities = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            probabilities[i] = (float) shares[i];
        }
        return probabilities;
    }

    private static OnnxTensor tensor(TensorInfo info, ModelInput sample) throws OrtException {
        if (sample instanceof ModelInput.Tokens tokens) {
            return OnnxTensor.createTensor(
                    OnnxRuntime.environment(), LongBuffer.wrap(tokens.ids()), new long[] {1, tokens.ids().length});
        }
        float[] values =
                sample instanceof ModelInput.Pixels pixels ? pixels.values() : ((ModelInput.Numbers) sample).values();
        long[] shape = info.getShape();
        shape[0] = 1;
        return FloatInputs.of(List.of(values), shape, info.type == OnnxJavaType.FLOAT16);
    }
}
