package io.headwater.engine;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.FrameForm;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.LogMel;
import io.headwater.config.MelFilters;
import io.headwater.config.MelFilters.MelNorm;
import io.headwater.config.MelFilters.MelScale;
import io.headwater.config.Spectrum;
import io.headwater.config.Spectrum.Measure;
import io.headwater.config.Spectrum.Taper;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/** Base models for tests: the real sentence encoder, and small hand-written models. */
public final class TestModels {
    public static final int FLOAT = 1;
    public static final int HALF = 10;
    public static final int LONG = 7;

    private TestModels() {}

    /** Returns the manifest of the real all-MiniLM-L6-v2. */
    public static BaseModelManifest miniLm() {
        ModelFile model = new ModelFile(
                "classpath:all-minilm-l6-v2.onnx",
                Digest.parse("ca46f1a88a9c6e61b918af1ab38be3e7903b986616551f0a6f10a7ecc5730cd4"));
        return new BaseModelManifest("minilm", "Apache-2.0", model, miniLmInput(256), "output_0", Pooling.MEAN, true);
    }

    public static TextInput miniLmInput(int maxTokens) {
        ModelFile tokenizer = new ModelFile(
                "classpath:all-minilm-l6-v2-tokenizer.json",
                Digest.parse("754fbace50a65eb13073189fde35f561d96d630920b6a65bbf8dbadf9a4896c3"));
        return new TextInput(tokenizer, maxTokens, "input_ids", "attention_mask", "token_type_ids");
    }

    /** Returns the manifest of an image model of 4x4 RGB, whose file is written to {@code folder}. */
    public static BaseModelManifest image(Path folder, ModelProto model, String cut, Pooling pooling) {
        ImageInput input = new ImageInput(
                "pixels", 4, 4, ImageLayout.NCHW, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        return new BaseModelManifest("tiny", "none", write(folder, model.toByteArray()), input, cut, pooling, false);
    }

    public static ModelFile write(Path folder, byte[] bytes) {
        try {
            Path file = Files.write(Files.createTempFile(folder, "model", ".onnx"), bytes);
            return new ModelFile(file.toAbsolutePath().toString(), Digest.of(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * pixels [1, 3, 4, 4] → Conv 1x1 → "map" [1, 2, 4, 4] → Relu → "rectified" → GlobalAveragePool → "scores".
     *
     * <p>Feature 0 is red plus 2 green plus 3 blue; feature 1 is minus red.
     */
    public static ModelProto convNet(int type) {
        GraphProto graph = GraphProto.newBuilder()
                .setName("tiny")
                .addInput(value("pixels", type, 1, 3, 4, 4))
                .addInitializer(weight("w", type, new float[] {1, 2, 3, -1, 0, 0}, 2, 3, 1, 1))
                .addInitializer(weight("unused", type, new float[] {7}, 1))
                .addNode(node("Conv", "map", "pixels", "w"))
                .addNode(node("Relu", "rectified", "map"))
                .addNode(node("GlobalAveragePool", "scores", "rectified"))
                .addOutput(value("scores", type, 1, 2, 1, 1))
                .build();
        return model(graph);
    }

    public static ModelProto model(GraphProto graph) {
        return ModelProto.newBuilder()
                .setIrVersion(7)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build();
    }

    public static NodeProto node(String type, String output, String... inputs) {
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType(type).setName(output).addOutput(output);
        return node.addAllInput(List.of(inputs)).build();
    }

    /**
     * observation [N, 4] → MatMul → Tanh → "hidden" [N, 3] → MatMul → "scores" [N, 2]; "state" [N] only passes through
     * to "carried".
     *
     * @param rows size of the batch axis in the file; 0 for a free axis
     */
    public static ModelProto policy(int rows) {
        GraphProto graph = GraphProto.newBuilder()
                .setName("policy")
                .addInput(value("observation", FLOAT, rows, 4))
                .addInput(value("state", FLOAT, rows))
                .addInitializer(weight("w1", FLOAT, ramp(12), 4, 3))
                .addInitializer(weight("w2", FLOAT, ramp(6), 3, 2))
                .addNode(node("MatMul", "mixed", "observation", "w1"))
                .addNode(node("Tanh", "hidden", "mixed"))
                .addNode(node("MatMul", "scores", "hidden", "w2"))
                .addNode(node("Identity", "carried", "state"))
                .addOutput(value("scores", FLOAT, rows, 2))
                .addOutput(value("carried", FLOAT, rows))
                .build();
        return model(graph);
    }

    /** observation [N, 4] → MatMul, Tanh → "low" [N, 5] → MatMul, Tanh → "hidden" [N, 3] → MatMul → "scores" [N, 2]. */
    public static ModelProto deepPolicy() {
        GraphProto graph = GraphProto.newBuilder()
                .setName("policy")
                .addInput(value("observation", FLOAT, 0, 4))
                .addInput(value("state", FLOAT, 0))
                .addInitializer(weight("w1", FLOAT, ramp(20), 4, 5))
                .addInitializer(weight("w2", FLOAT, ramp(15), 5, 3))
                .addInitializer(weight("w3", FLOAT, ramp(6), 3, 2))
                .addNode(node("MatMul", "mixed", "observation", "w1"))
                .addNode(node("Tanh", "low", "mixed"))
                .addNode(node("MatMul", "joined", "low", "w2"))
                .addNode(node("Tanh", "hidden", "joined"))
                .addNode(node("MatMul", "scores", "hidden", "w3"))
                .addOutput(value("scores", FLOAT, 0, 2))
                .build();
        return model(graph);
    }

    /**
     * Returns the manifest of a model that reads "observation" of {@code shape}, whose file is written to {@code
     * folder}.
     */
    public static BaseModelManifest tensor(
            Path folder, ModelProto model, String cut, Pooling pooling, Integer... shape) {
        TensorInput input = new TensorInput("observation", List.of(shape), List.of("state"));
        return new BaseModelManifest("numbers", "none", write(folder, model.toByteArray()), input, cut, pooling, false);
    }

    /**
     * Returns the manifest of a text model of two blocks with the tokenizer of MiniLM, whose file is written to {@code
     * folder}: input_ids [N, S] → Gather → twice MatMul, Add, Tanh, Add → "block.2" [N, S, 8], to be averaged over the
     * tokens.
     */
    public static BaseModelManifest text(Path folder) {
        int vocabulary = 30522;
        Random random = new Random(11);
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("text")
                .addInput(value("input_ids", LONG, 0, -1))
                .addInitializer(weight("table", FLOAT, gaussian(random, vocabulary * 8), vocabulary, 8))
                .addNode(node("Gather", "block.0", "table", "input_ids"))
                .addOutput(value("block.2", FLOAT, 0, -1, 8));
        for (int block = 0; block < 2; block++) {
            String name = "layer." + block + "/";
            String below = "block." + block;
            graph.addInitializer(weight(name + "w", FLOAT, gaussian(random, 64), 8, 8))
                    .addInitializer(weight(name + "b", FLOAT, gaussian(random, 8), 8))
                    .addNode(node("MatMul", name + "product", below, name + "w"))
                    .addNode(node("Add", name + "sum", name + "product", name + "b"))
                    .addNode(node("Tanh", name + "tanh", name + "sum"))
                    .addNode(node("Add", "block." + (block + 1), name + "tanh", below));
        }
        ModelFile file = write(folder, model(graph.build()).toByteArray());
        TextInput of = miniLmInput(64);
        TextInput input = new TextInput(of.tokenizer(), of.maxTokens(), of.ids(), "", "");
        return new BaseModelManifest("text", "none", file, input, "block.2", Pooling.MEAN, false);
    }

    private static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns values from −0.5 to 0.5. */
    public static float[] ramp(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (i * 7 % size) / (float) size - 0.5f;
        }
        return values;
    }

    public static AttributeProto branch(String name, GraphProto graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }

    /**
     * Describes a tensor. Axes of size 0 are the free batch axis "N"; negative sizes are free axes with other names.
     */
    public static ValueInfoProto value(String name, int type, long... shape) {
        TensorShapeProto.Builder axes = TensorShapeProto.newBuilder();
        for (long n : shape) {
            axes.addDim(
                    n > 0
                            ? TensorShapeProto.Dimension.newBuilder().setDimValue(n)
                            : TensorShapeProto.Dimension.newBuilder().setDimParam(n == 0 ? "N" : "free" + -n));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(axes)))
                .build();
    }

    public static TensorProto weight(String name, int type, float[] values, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
        for (long n : shape) {
            tensor.addDims(n);
        }
        for (float value : values) {
            if (type == HALF) {
                tensor.addInt32Data(ai.onnxruntime.platform.Fp16Conversions.floatToFp16(value) & 0xffff);
            } else {
                tensor.addFloatData(value);
            }
        }
        return tensor.build();
    }

    /**
     * Returns the manifest of a model of log-mel frames at 8 kHz, whose file is written to {@code folder}: windows [N,
     * frames, 12] → MatMul → Tanh → "hidden" → MatMul → "top" [N, frames, 12], to be averaged over the frames.
     *
     * @param maxSeconds maximum duration of a sound; a window lasts 0.1 s
     */
    public static BaseModelManifest audio(Path folder, double maxSeconds, WindowPooling pooling) {
        int bins = 12;
        LogMel mel = new LogMel(
                new FrameForm(bins, Axes.FRAMES_BINS, 0.2, 0.5),
                new Spectrum(256, 240, 80, Taper.HANN, Measure.POWER),
                new MelFilters(60, 3800, MelScale.HTK, MelNorm.NONE),
                1e-4);
        AudioInput input = new AudioInput(
                "frames", 8000, Amplitude.UNIT, maxSeconds, ClipPadding.ZEROS, mel, new ClipWindows(8, 4, pooling));
        GraphProto graph = GraphProto.newBuilder()
                .setName("audio")
                .addInput(value("frames", FLOAT, 0, 8, bins))
                .addInitializer(weight("w", FLOAT, gaussian(new Random(3), bins * bins), bins, bins))
                .addNode(node("MatMul", "mixed", "frames", "w"))
                .addNode(node("Tanh", "hidden", "mixed"))
                .addInitializer(weight("v", FLOAT, gaussian(new Random(4), bins * bins), bins, bins))
                .addNode(node("MatMul", "top", "hidden", "v"))
                .addOutput(value("top", FLOAT, 0, 8, bins))
                .build();
        ModelFile file = write(folder, model(graph).toByteArray());
        return new BaseModelManifest("tones", "none", file, input, "top", Pooling.MEAN, false);
    }

    /** Writes the file of a front end: sound [N, S] → Conv of 32 samples by 16 → Transpose → "mel" [N, T, 2]. */
    public static ModelFile frontEnd(Path folder) {
        GraphProto graph = GraphProto.newBuilder()
                .setName("front end")
                .addInput(value("sound", FLOAT, 0, -1))
                .addInitializer(TensorProto.newBuilder()
                        .setName("axis")
                        .setDataType(LONG)
                        .addDims(1)
                        .addInt64Data(1))
                .addInitializer(weight("filters", FLOAT, ramp(64), 2, 1, 32))
                .addNode(node("Unsqueeze", "channel", "sound", "axis"))
                .addNode(node("Conv", "filtered", "channel", "filters").toBuilder()
                        .addAttribute(integers("strides", 16))
                        .build())
                .addNode(node("Transpose", "mel", "filtered").toBuilder()
                        .addAttribute(integers("perm", 0, 2, 1))
                        .build())
                .addOutput(value("mel", FLOAT, 0, -1, 2))
                .build();
        return write(folder, model(graph).toByteArray());
    }

    private static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    /** Writes a model that returns its windows unchanged: window [N, shape] → "same" [N, values]. */
    public static ModelFile identity(Path folder, long... shape) {
        long[] batch = LongStream.concat(LongStream.of(0), LongStream.of(shape)).toArray();
        long values = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        GraphProto graph = GraphProto.newBuilder()
                .setName("flat")
                .addInput(value("window", FLOAT, batch))
                .addNode(node("Flatten", "same", "window"))
                .addOutput(value("same", FLOAT, 0, values))
                .build();
        return write(folder, model(graph).toByteArray());
    }
}
