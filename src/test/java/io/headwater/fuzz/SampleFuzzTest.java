package io.headwater.fuzz;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.WindowContent.RawWaveform;
import io.headwater.domain.Label;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.ops.Tasks;
import io.headwater.task.Task;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

/**
 * Samples of every task, prepared for its base model and turned into training targets: the first byte is the number of the
 * task, and the rest is a sample without its framing.
 */
class SampleFuzzTest extends ReaderFuzzing {
    private static final Codec CODEC = new Codec(16 << 20);
    private static final int FRAMING = 10;
    private static final byte[] BEGIN = Arrays.copyOf(
            CODEC.encode(
                    EventType.SAMPLE, new Sample("1", new Payload.Text("a"), new Label.ClassLabel("b"), Instant.EPOCH)),
            FRAMING);

    private final Map<TaskKind, Task> tasks = new EnumMap<>(TaskKind.class);

    SampleFuzzTest() {
        BaseModelManifest text = BaseModelFile.builtIn("minilm");
        for (TaskKind kind : TaskKind.values()) {
            List<String> labels = switch (kind) {
                case MULTI_LABEL_CLASSIFICATION, REGRESSION -> List.of("a", "b");
                case REINFORCEMENT_LEARNING -> List.of("left", "right");
                default -> List.of();
            };
            AdaptationConfig config = AdaptationConfig.of("a", kind, "b").withLabels(labels);
            BaseModelInput input = switch (kind) {
                case IMAGE_CLASSIFICATION ->
                    new ImageInput(
                            "x", 8, 8, ImageLayout.NCHW, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
                case AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION ->
                    new AudioInput(
                            "x",
                            8000,
                            Amplitude.UNIT,
                            1,
                            ClipPadding.ZEROS,
                            new RawWaveform(),
                            new ClipWindows(800, 800, WindowPooling.MEAN));
                case TENSOR_CLASSIFICATION, REINFORCEMENT_LEARNING -> new TensorInput("x", List.of(2), List.of());
                default -> text.input();
            };
            tasks.put(
                    kind,
                    Tasks.of(
                            config, new BaseModelManifest("b", "none", text.model(), input, "x", Pooling.MEAN, false)));
        }
    }

    @AfterAll
    void close() {
        tasks.values().forEach(Task::close);
    }

    @Override
    void read(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Task task = tasks.get(TaskKind.values()[(bytes[0] & 0xff) % TaskKind.values().length]);
        byte[] value = ByteBuffer.allocate(FRAMING + bytes.length - 1)
                .put(BEGIN)
                .put(bytes, 1, bytes.length - 1)
                .array();
        if (task != null && CODEC.decode(EventType.SAMPLE, value) instanceof Outcome.Ok<Sample> sample) {
            Label label = sample.value().label();
            if (label != null) {
                task.target(sample.value().payload(), label);
            }
            task.prepare(sample.value().payload());
        }
    }

    @Override
    Stream<byte[]> seeds() {
        Payload words = new Payload.Text("Ann ran to Oslo");
        Payload tensor = new Payload.Tensor(List.of(2), new float[] {1, 2});
        return Stream.of(
                sample(TaskKind.TEXT_CLASSIFICATION, words, new Label.ClassLabel("good")),
                sample(TaskKind.TEXT_CLASSIFICATION, new Payload.TextPair("who?", "we"), new Label.ClassLabel("good")),
                sample(TaskKind.MULTI_LABEL_CLASSIFICATION, words, new Label.MultiLabel(Set.of("a", "b"))),
                sample(
                        TaskKind.TOKEN_CLASSIFICATION,
                        words,
                        new Label.TokenTags(List.of("Ann", "ran", "to", "Oslo"), List.of("B-PER", "O", "O", "S-LOC"))),
                sample(
                        TaskKind.QUESTION_ANSWERING,
                        new Payload.TextPair("Who ran?", "Ann ran"),
                        new Label.AnswerSpan(0, "Ann")),
                sample(TaskKind.REGRESSION, words, new Label.Values(new float[] {1, 2})),
                sample(TaskKind.TENSOR_CLASSIFICATION, tensor, new Label.ClassLabel("a")),
                sample(
                        TaskKind.REINFORCEMENT_LEARNING,
                        tensor,
                        new Transition(
                                "left",
                                new double[] {1},
                                new float[] {1, 2},
                                false,
                                true,
                                new Label.Episode(3, 4),
                                5L)),
                sample(
                        TaskKind.AUTOMATIC_SPEECH_RECOGNITION,
                        new Payload.Waveform(new byte[200], 8000),
                        new Label.Transcript("yes no")));
    }

    @Override
    Stream<byte[]> large() {
        int words = 60_000 / 2;
        Payload many = new Payload.Text("a ".repeat(words).strip());
        Payload context = new Payload.TextPair("a ".repeat(60), "b".repeat(64_000));
        return Stream.of(
                sample(
                        TaskKind.TOKEN_CLASSIFICATION,
                        many,
                        new Label.TokenTags(
                                Stream.generate(() -> "a").limit(words).toList(),
                                Stream.generate(() -> "I-x").limit(words).toList())),
                sample(TaskKind.QUESTION_ANSWERING, context, new Label.AnswerSpan(63_999, "b")),
                sample(
                        TaskKind.QUESTION_ANSWERING,
                        new Payload.TextPair("a ".repeat(30_000), "b ".repeat(30_000)),
                        new Label.AnswerSpan(0, "b")),
                sample(
                        TaskKind.QUESTION_ANSWERING,
                        new Payload.TextPair("a ".repeat(100), "b ".repeat(32_000)),
                        new Label.AnswerSpan(63_998, "b")),
                sample(
                        TaskKind.TEXT_CLASSIFICATION,
                        new Payload.Text("\u0301".repeat(32_000)),
                        new Label.ClassLabel("a")),
                sample(
                        TaskKind.TEXT_CLASSIFICATION,
                        new Payload.Text("\ufdfa".repeat(21_000)),
                        new Label.ClassLabel("a")),
                sample(TaskKind.TEXT_CLASSIFICATION, new Payload.Text("a".repeat(65_000)), new Label.ClassLabel("a")),
                sample(TaskKind.TEXT_CLASSIFICATION, new Payload.Text("a".repeat(990_000)), new Label.ClassLabel("a")),
                sample(
                        TaskKind.TENSOR_CLASSIFICATION,
                        new Payload.Tensor(List.of(240_000), new float[240_000]),
                        new Label.ClassLabel("a")),
                sample(
                        TaskKind.AUTOMATIC_SPEECH_RECOGNITION,
                        new Payload.Waveform(new byte[900_000], 16_000),
                        new Label.Transcript("a".repeat(65_000))));
    }

    private static byte[] sample(TaskKind task, Payload payload, Label label) {
        byte[] value = CODEC.encode(EventType.SAMPLE, new Sample("1", payload, label, Instant.EPOCH));
        return ByteBuffer.allocate(1 + value.length - FRAMING)
                .put((byte) task.ordinal())
                .put(value, FRAMING, value.length - FRAMING)
                .array();
    }
}
