package io.headwater.bench.top;

import io.headwater.bench.Bench;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TextInput;
import io.headwater.config.TopConfig;
import io.headwater.config.TrainingConfig;
import io.headwater.domain.Digest;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import onnx.Onnx.ModelProto;

/** A top that Headwater and the other engines train, and the batch that they train it on. */
enum TopCase {
    MINILM_1("top block of MiniLM, 16 × 64 tokens", 1, 16, 4),
    MINILM_2("top 2 blocks of MiniLM, 16 × 64 tokens", 2, 16, 4),
    SQUEEZENET("fire9 of SqueezeNet, 16 images", 1, 16, 10),
    RESNET("last block of ResNet-50, 16 images", 1, 16, 10),
    INCEPTION("a block of Inception, 4 images", 1, 4, 10),
    GPT2("a block of GPT-2, 4 × 32 tokens", 1, 4, 4);

    /** Environment variable with the path of a SqueezeNet 1.1 in ONNX, which is not part of the project. */
    static final String SQUEEZENET_MODEL = "HEADWATER_BENCH_SQUEEZENET";
    /** Learning rate of Adam. */
    static final double LEARNING_RATE = 1e-4;

    private static final int SEED = 17;

    private final String title;
    private final int blocks;
    private final int rows;
    private final int classes;

    TopCase(String title, int blocks, int rows, int classes) {
        this.title = title;
        this.blocks = blocks;
        this.rows = rows;
        this.classes = classes;
    }

    String title() {
        return title;
    }

    int rows() {
        return rows;
    }

    int classes() {
        return classes;
    }

    /** Returns whether the model is available; prints a line on standard error if it is not. */
    boolean isThere() {
        if (this != SQUEEZENET) {
            return true;
        }
        String path = System.getenv(SQUEEZENET_MODEL);
        boolean there = path != null && Files.isRegularFile(Path.of(path));
        if (!there) {
            Bench.say("skipped %s: %s must name its ONNX file, but is %s", title, SQUEEZENET_MODEL, path);
        }
        return there;
    }

    /** Writes the model to {@code folder} if it is generated. */
    void generate(Path folder) throws IOException {
        ModelProto model = switch (this) {
            case RESNET -> TopModels.residual();
            case INCEPTION -> TopModels.inception();
            case GPT2 -> TopModels.decoder();
            default -> null;
        };
        if (model != null) {
            Files.write(generated(folder), model.toByteArray());
        }
    }

    private static Path generated(Path folder) {
        return folder.resolve("model.onnx");
    }

    /** The base model. */
    BaseModelManifest manifest(Path folder) throws IOException {
        return switch (this) {
            case MINILM_1, MINILM_2 -> BaseModelFile.builtIn("minilm");
            case SQUEEZENET ->
                manifest(
                        file(Path.of(System.getenv(SQUEEZENET_MODEL))),
                        image("data_0", 224),
                        "fire9/concat_2",
                        "fire8/concat_1",
                        Pooling.MEAN);
            case RESNET ->
                manifest(file(generated(folder)), image("pixels", 224), "layer4.2/out", "layer4.1/out", Pooling.MEAN);
            case INCEPTION ->
                manifest(file(generated(folder)), image("pixels", 35), "block/out", "stem/conv/relu", Pooling.MEAN);
            case GPT2 -> {
                TextInput of = TestModels.miniLmInput(64);
                BaseModelInput ids = new TextInput(of.tokenizer(), of.maxTokens(), of.ids(), "", "");
                yield manifest(file(generated(folder)), ids, "final", "h.0/out", Pooling.LAST);
            }
        };
    }

    private static BaseModelManifest manifest(
            ModelFile model, BaseModelInput input, String cut, String below, Pooling pooling) {
        return new BaseModelManifest("bench", "none", "", model, List.of(), input, cut, List.of(below), pooling, false);
    }

    private static ModelFile file(Path path) throws IOException {
        return new ModelFile(path.toAbsolutePath().toString(), Digest.of(Files.readAllBytes(path)));
    }

    private static ImageInput image(String name, int size) {
        return new ImageInput(
                name, size, size, ImageLayout.NCHW, Channels.BGR, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    }

    /** Returns an adaptation with the whole model frozen. */
    AdaptationConfig frozen() {
        TaskKind task = isText() ? TaskKind.TEXT_CLASSIFICATION : TaskKind.IMAGE_CLASSIFICATION;
        return AdaptationConfig.of("bench", task, "bench");
    }

    /** Returns an adaptation with the top unfrozen, trained with Adam. */
    AdaptationConfig trained() {
        return with(LEARNING_RATE, optimiser(Updater.ADAM));
    }

    /**
     * Returns an adaptation with the top unfrozen, trained so that the optimiser's momentum is the negative gradient
     * of the last step.
     */
    AdaptationConfig telling() {
        return with(1, optimiser(Updater.SGD));
    }

    /** Returns an optimiser with the same learning rate for all parameters. */
    private static OptimiserConfig optimiser(Updater updater) {
        return new OptimiserConfig(updater, 0, 0, Schedule.CONSTANT, 0, 1000, 0, 1, 1, 0);
    }

    private AdaptationConfig with(double rate, OptimiserConfig optimiser) {
        AdaptationConfig all = frozen();
        TrainingConfig training = all.training();
        return all.withTraining(new TrainingConfig(
                        training.batchSize(),
                        rate,
                        training.labelSmoothing(),
                        training.classWeights(),
                        training.seed()))
                .withStrategy(new StrategyConfig(
                        StrategyConfig.AUTO, Strategy.FINE_TUNE, blocks, PhaseBy.STEPS, 100, TopConfig.DEFAULT))
                .withOptimiser(optimiser);
    }

    boolean isText() {
        return this == MINILM_1 || this == MINILM_2 || this == GPT2;
    }

    /** Returns a batch of random inputs without padding. */
    List<ModelInput> inputs() {
        Random random = new Random(SEED);
        List<ModelInput> inputs = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            inputs.add(
                    isText()
                            ? new ModelInput.Tokens(
                                    random.longs(tokens(), 1000, 30_000).toArray())
                            : pixels(random));
        }
        return inputs;
    }

    /** Returns the number of tokens in each row of a text model. */
    int tokens() {
        return this == GPT2 ? 32 : 64;
    }

    private ModelInput pixels(Random random) {
        int size = this == INCEPTION ? 35 : 224;
        float range = this == SQUEEZENET ? 100 : 2;
        float[] values = new float[3 * size * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * random.nextFloat() - 1) * range;
        }
        return new ModelInput.Pixels(values);
    }

    /** Returns one class for each row, in turn. */
    float[][] targets() {
        float[][] targets = new float[rows][classes];
        for (int row = 0; row < rows; row++) {
            targets[row][row % classes] = 1;
        }
        return targets;
    }

    /** Returns equal weights for all rows. */
    float[] weights() {
        float[] weights = new float[rows];
        Arrays.fill(weights, 1);
        return weights;
    }
}
