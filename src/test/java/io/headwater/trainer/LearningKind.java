package io.headwater.trainer;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.TensorInput;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.engine.TestModels;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.graph.TestGraphModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Every kind of training of a head, each with a suitable base model and samples. */
public enum LearningKind {
    LINEAR_PROBE(Base.TEXT, "text-classification", ""),
    HIDDEN_LAYER(Base.TEXT, "text-classification", "head.hidden: 6, training.class-weights: none"),
    STORED_LOGITS(Base.TEXT, "text-classification", "head.hidden: 6, training.remember: der, training.warm-start: 0"),
    HALF_PRECISION_FEATURES(Base.TEXT, "text-classification", "features.precision: float16"),
    FINE_TUNE_ADAMW(
            Base.TEXT,
            "text-classification",
            "training.strategy: fine-tune, training.unfreeze: 2, optimiser.updater: adamw, optimiser.weight-decay: 0.01,"
                    + " optimiser.schedule: cosine, optimiser.warm-up-steps: 2, optimiser.schedule-steps: 9,"
                    + " optimiser.clip-norm: 1, optimiser.layer-decay: 0.5, optimiser.l2-sp: 0.01"),
    LP_FT_SGD(
            Base.TEXT,
            "text-classification",
            "training.strategy: lp-ft, training.unfreeze: 2, training.phase-steps: 3, optimiser.updater: sgd,"
                    + " optimiser.schedule: inverse-square-root, optimiser.warm-up-steps: 2"),
    GRADUAL_BY_PLATEAU(
            Base.TEXT,
            "text-classification",
            "training.strategy: gradual, training.unfreeze: 2, training.phase-by: plateau, training.phase-steps: 3"),
    LOW_RANK(
            Base.TEXT,
            "text-classification",
            "training.strategy: gradual, training.unfreeze: 2, training.parameters: lora, training.lora-rank: 2,"
                    + " training.phase-steps: 3, training.dropout: 0.2"),
    BIASES(
            Base.TEXT,
            "text-classification",
            "training.strategy: fine-tune, training.unfreeze: 2, training.parameters: biases"),
    SCALAR_MIX(Base.TEXT, "text-classification", "training.scalar-mix: [block.0, block.1, block.2]"),
    PRETRAINED_OUTPUT_LAYER(Base.LABELLED, "tensor-classification", "head.output-layer: keep, labels: [right, left]"),
    PRETRAINED_OUTPUT_LAYER_FINE_TUNE(
            Base.LABELLED,
            "tensor-classification",
            "head.output-layer: keep, labels: [right, left], training.strategy: fine-tune, cut: low"),
    NO_HELD_OUT_SAMPLES(
            Base.TENSOR, "tensor-classification", "training.class-weights: none, guard.samples: 0, replay.capacity: 5"),
    IMAGES(Base.IMAGE, "image-classification", "training.strategy: fine-tune"),
    IMAGES_NORMALISED_BY_BATCH(
            Base.IMAGE, "image-classification", "training.strategy: fine-tune, training.batch-norm: update"),
    GRAPH_PROBE(Base.GRAPH, "tensor-classification", ""),
    GRAPH_TOP(Base.GRAPH, "tensor-classification", "training.strategy: fine-tune"),
    MULTI_LABEL(Base.TEXT, "multi-label-classification", "labels: [lovely, dull, warm, stale, crisp, rude]"),
    REGRESSION(Base.TEXT, "regression", "labels: [stars, price]"),
    TAGS(Base.TEXT, "token-classification", ""),
    TAGS_FINE_TUNE(Base.TEXT, "token-classification", "training.strategy: fine-tune"),
    ANSWERS(Base.TEXT, "question-answering", ""),
    ANSWERS_FINE_TUNE(Base.TEXT, "question-answering", "training.strategy: fine-tune"),
    SOUNDS(Base.SOUND, "audio-classification", ""),
    TRANSCRIPTS(Base.SOUND, "automatic-speech-recognition", "guard.samples: 0"),
    DOUBLE_DQN(
            Base.TENSOR,
            "reinforcement-learning",
            "labels: [left, right], reinforcement.n-step: 2, reinforcement.target-steps: 3"),
    BEHAVIOUR_CLONING(
            Base.TENSOR, "reinforcement-learning", "labels: [left, right], reinforcement.algorithm: behaviour-cloning"),
    CLOSED_FORM_CLASSES(Base.TEXT, "text-classification", "head.learns: auto"),
    CLOSED_FORM_LABELS(
            Base.TEXT,
            "multi-label-classification",
            "labels: [lovely, dull, warm, stale, crisp, rude], head.learns: auto"),
    CLOSED_FORM_NUMBERS(Base.TEXT, "regression", "labels: [stars, price], head.learns: auto"),
    CLOSED_FORM_TAGS(Base.TEXT, "token-classification", "head.learns: auto");

    /** The kinds of samples, and the base models that read them. */
    private enum Base {
        TEXT,
        TENSOR,
        LABELLED,
        IMAGE,
        GRAPH,
        SOUND
    }

    private static final List<String> WORDS = List.of("lovely", "dull", "warm", "stale", "crisp", "rude");

    private final Base base;
    private final String task;
    private final String keys;

    LearningKind(Base base, String task, String keys) {
        this.base = base;
        this.task = task;
        this.keys = keys;
    }

    /** Returns an adaptation with small steps, and with replay and held-out samples unless this kind excludes them. */
    public AdaptationConfig config() {
        StringBuilder yaml = new StringBuilder("name: kinds\ntask: " + task + "\nbase: test\n");
        yaml.append("training.batch-size: 4\ntraining.learning-rate: 0.02\ntraining.seed: 7\nreplay.per-step: 4\n");
        if (!keys.contains("head.learns")) {
            yaml.append("head.learns: gradient\n");
        }
        if (!keys.contains("replay.capacity")) {
            yaml.append("replay.capacity: 12\n");
        }
        if (!keys.contains("guard.samples") && !task.equals("reinforcement-learning")) {
            yaml.append("guard.samples: 4\nguard.every: 5\n");
        }
        for (String key : keys.split(", (?=[a-z0-9.-]+: )", -1)) {
            yaml.append(key).append('\n');
        }
        return AdaptationFile.parse("kind", yaml.toString());
    }

    /** Returns the manifest of the base model, whose file is written to {@code folder}. */
    public BaseModelManifest base(Path folder) {
        return switch (base) {
            case TEXT -> TestModels.text(folder);
            case TENSOR -> TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, 4);
            case LABELLED ->
                TestModels.tensor(folder, TestModels.deepPolicy(), "hidden", Pooling.NONE, 4)
                        .withLabels(List.of("left", "right"));
            case IMAGE -> TestNetworks.RESNET.manifest(folder);
            case SOUND -> TestModels.audio(folder, 2, WindowPooling.MEAN_MAX);
            case GRAPH -> graph(folder);
        };
    }

    private static BaseModelManifest graph(Path folder) {
        try {
            byte[] bytes = TestGraphModels.policyFile();
            Path file = Files.write(folder.resolve("graph.safetensors"), bytes);
            return new BaseModelManifest(
                    "graph",
                    "none",
                    new ModelFile(file.toString(), Digest.of(bytes)),
                    new TensorInput("in", List.of(4), List.of()),
                    "hidden",
                    Pooling.NONE,
                    false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The payload of the {@code i}-th sample. */
    public Payload payload(int i) {
        Random random = new Random(i);
        return switch (base) {
            case TEXT ->
                task.equals("question-answering")
                        ? new Payload.TextPair("How was visit " + i + "?", text(i))
                        : new Payload.Text(text(i));
            case TENSOR, LABELLED, GRAPH -> new Payload.Tensor(List.of(4), numbers(random));
            case IMAGE -> new Payload.EncodedImage(SmallBitmap.of(random));
            case SOUND -> new Payload.Waveform(sound(random), 8000);
        };
    }

    /** The label of the {@code i}-th sample. */
    public Label label(int i) {
        String word = WORDS.get(i % WORDS.size());
        return switch (task) {
            case "multi-label-classification" ->
                new Label.MultiLabel(i % 4 == 0 ? Set.of() : Set.of(word, WORDS.get((i + 1 + i % 5) % WORDS.size())));
            case "regression" -> new Label.Values(new float[] {i % 5, i % 3 - 1});
            case "token-classification" -> tags(i);
            case "question-answering" ->
                i % 4 == 3 ? new Label.AnswerSpan(-1, "") : new Label.AnswerSpan(text(i).indexOf(word), word);
            case "automatic-speech-recognition" -> new Label.Transcript(i % 2 == 0 ? "ab" : "b a");
            case "reinforcement-learning" -> transition(i);
            default ->
                new Label.ClassLabel(
                        i % 3 == 0 ? "left" : i < 20 || i % 2 == 0 || base == Base.LABELLED ? "right" : "up");
        };
    }

    private static Label transition(int i) {
        Random random = new Random(1000 + i);
        boolean isLast = i % 4 == 3;
        return new Label.Transition(
                i % 3 == 0 ? "left" : "right",
                new double[] {random.nextGaussian()},
                isLast ? new float[0] : numbers(random),
                isLast,
                false,
                null,
                null);
    }

    private static Label tags(int i) {
        List<String> tokens = List.of(text(i).split(" "));
        return new Label.TokenTags(
                tokens,
                tokens.stream()
                        .map(token -> WORDS.contains(token) ? i % 2 == 0 ? "B-mood" : "B-taste" : "O")
                        .toList());
    }

    private static String text(int i) {
        return "visit " + i + " was " + WORDS.get(i % WORDS.size()) + " and " + WORDS.get(i * 5 % WORDS.size());
    }

    private static float[] numbers(Random random) {
        float[] numbers = new float[4];
        for (int n = 0; n < numbers.length; n++) {
            numbers[n] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Returns 0.6 s of noise as 16-bit PCM. */
    private static byte[] sound(Random random) {
        byte[] bytes = new byte[9600];
        for (int i = 0; i < bytes.length; i += 2) {
            int sample = random.nextInt(20_000) - 10_000;
            bytes[i] = (byte) sample;
            bytes[i + 1] = (byte) (sample >> 8);
        }
        return bytes;
    }
}
