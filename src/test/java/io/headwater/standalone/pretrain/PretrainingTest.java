package io.headwater.standalone.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.TaskKind;
import io.headwater.domain.Payload;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.ops.Tasks;
import io.headwater.standalone.Progress;
import io.headwater.standalone.data.Corpus;
import io.headwater.standalone.data.Faults;
import io.headwater.standalone.pretrain.Pretraining.Target;
import io.headwater.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PretrainingTest {
    private static final List<String> TEXTS = Domains.sentences(3, 60);

    @TempDir
    private Path folder;

    /**
     * Small subjects of two kinds: one with rows of any length, one with batch normalisation and its running
     * statistics.
     */
    enum Kind {
        BERT,
        GPT,
        ELMO,
        IMAGES;

        Subject subject(Path folder, long seed) throws IOException {
            Languages.Sizes sizes = new Languages.Sizes(1, 8, 2, 330, 16);
            Corpus corpus = new Corpus("sentences", TEXTS, Faults.NONE);
            return switch (this) {
                case BERT -> Languages.bert(corpus, sizes, seed);
                case GPT -> Languages.gpt(corpus, sizes, seed);
                case ELMO -> Languages.elmo(corpus, sizes, seed);
                case IMAGES -> {
                    Path shapes = folder.resolve("shapes");
                    Domains.shapes(shapes, 0, 3, 8, 1);
                    yield Images.of(shapes, new Images.Sizes(12, 4, 1), seed);
                }
            };
        }
    }

    /** Aborts a run after a given number of steps, as if it were killed. */
    private static final class Ending implements Progress {
        private int left;

        Ending(int steps) {
            left = steps;
        }

        @Override
        public void begin(String title, long total) {}

        @Override
        public void advance(long by) {
            if (by == 1 && --left == 0) {
                throw new Ended();
            }
        }

        @Override
        public void end() {}
    }

    private static final class Ended extends RuntimeException {}

    private static PretrainingPlan plan(int steps) {
        return new PretrainingPlan(steps, 4, 0.01, Math.min(3, steps), 0.01, 0.1, 4, 7, 1);
    }

    private Target target(String name) {
        return new Target(folder.resolve(name), "small", "CC0-1.0", List.of("headwater", "pretrain"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndInTheSameBytesWhereverItWasInterrupted(Kind kind) throws IOException {
        Subject subject = kind.subject(folder, 7);
        new Pretraining(subject, plan(22), target("whole"), Progress.NONE).run();
        for (int steps : new int[] {3, 7}) {
            assertThatThrownBy(() -> new Pretraining(subject, plan(22), target("parts"), new Ending(steps)).run())
                    .isInstanceOf(Ended.class);
        }

        PretrainingReport report =
                new Pretraining(kind.subject(folder, 7), plan(22), target("parts"), Progress.NONE).run();

        assertThat(report.resumedAt()).isEqualTo(4);
        assertThat(names("parts")).isEqualTo(names("whole"));
        for (String name : names("whole")) {
            assertThat(folder.resolve("parts").resolve(name))
                    .as(name)
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
        }
    }

    private List<String> names(String of) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(of))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteABaseModelThatAdaptationsRead(Kind kind) throws IOException {
        PretrainingReport report =
                new Pretraining(kind.subject(folder, 7), plan(3), target("small"), Progress.NONE).run();

        BaseModelManifest manifest = BaseModelFile.read(folder.resolve("small/manifest.yaml"));
        assertThat(manifest.name()).isEqualTo("small");
        assertThat(manifest.licence()).isEqualTo("CC0-1.0");
        assertThat(manifest.family()).isEqualTo(report.family());
        TaskKind task = kind == Kind.IMAGES ? TaskKind.IMAGE_CLASSIFICATION : TaskKind.TEXT_CLASSIFICATION;
        Payload payload = kind == Kind.IMAGES
                ? new Payload.EncodedImage(Files.readAllBytes(folder.resolve("shapes/disc/000.png")))
                : new Payload.Text(TEXTS.get(0));
        try (Task reader = Tasks.of(AdaptationConfig.of("a", task, "small"), manifest);
                OnnxBackbone backbone = OnnxBackbone.open(manifest)) {
            assertThat(backbone.width()).isEqualTo(kind == Kind.IMAGES ? 16 : 8);
            reader.prepare(payload).then(input -> {
                assertThat(backbone.features(List.of(input)).get(0)).hasSize(backbone.width());
                return io.headwater.domain.Outcome.ok(input);
            });
        }
        JsonNode record = new ObjectMapper()
                .readTree(folder.resolve("small/pretraining.json").toFile());
        assertThat(record.get("model").asText())
                .isEqualTo(manifest.model().digest().toString());
        assertThat(record.get("curve")).hasSize(3);
        assertThat(folder.resolve("small/curve.svg")).content().startsWith("<svg");
    }

    @Test
    void shouldNotOverwriteAFinishedBaseModel() throws IOException {
        Subject subject = Kind.GPT.subject(folder, 7);
        new Pretraining(subject, plan(1), target("small"), Progress.NONE).run();

        assertThatThrownBy(() -> new Pretraining(subject, plan(1), target("small"), Progress.NONE).run())
                .hasMessageContaining("without a finished base model")
                .hasMessageContaining("name another, or delete it first");
    }

    @Test
    void shouldNotGoOnWithOtherOptionsOrOtherData() throws IOException {
        Subject subject = Kind.GPT.subject(folder, 7);
        assertThatThrownBy(() -> new Pretraining(subject, plan(22), target("small"), new Ending(5)).run())
                .isInstanceOf(Ended.class);

        assertThatThrownBy(() -> new Pretraining(subject, plan(23), target("small"), Progress.NONE).run())
                .hasMessageContaining("but steps was 22 and is 23");
        Corpus other = new Corpus("sentences", Domains.sentences(4, 60), Faults.NONE);
        Subject changed = Languages.gpt(other, new Languages.Sizes(1, 8, 2, 330, 16), 7);
        assertThatThrownBy(() -> new Pretraining(changed, plan(22), target("small"), Progress.NONE).run())
                .hasMessageContaining("the data must be those that the pretraining in");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void shouldRefuseADamagedCheckpoint(Damage damage) throws IOException {
        Subject subject = Kind.GPT.subject(folder, 7);
        assertThatThrownBy(() -> new Pretraining(subject, plan(22), target("small"), new Ending(5)).run())
                .isInstanceOf(Ended.class);
        try (Stream<Path> files = Files.walk(folder.resolve("small/checkpoints"))) {
            damage.to(
                    files.filter(file -> file.endsWith(damage.file)).findFirst().orElseThrow());
        }

        assertThatThrownBy(() -> new Pretraining(subject, plan(22), target("small"), Progress.NONE).run())
                .hasMessageContaining("is damaged: it")
                .hasMessageContaining("to begin again");
    }

    /** The kinds of damage to a checkpoint's files. */
    enum Damage {
        FLIPPED_STATE("state.safetensors"),
        FLIPPED_PROGRESS("progress.json"),
        SHORT_STATE("state.safetensors"),
        NO_STATE("state.safetensors");

        private final String file;

        Damage(String file) {
            this.file = file;
        }

        void to(Path path) throws IOException {
            byte[] bytes = Files.readAllBytes(path);
            Files.delete(path);
            switch (this) {
                case FLIPPED_STATE, FLIPPED_PROGRESS -> {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(path, bytes);
                }
                case SHORT_STATE -> Files.write(path, java.util.Arrays.copyOf(bytes, bytes.length - 1));
                case NO_STATE -> {}
            }
        }
    }

    @Test
    void shouldNotFillAFolderThatHoldsSomethingElse() throws IOException {
        Files.createDirectories(folder.resolve("mine"));
        Files.writeString(folder.resolve("mine/letter.txt"), "dear");

        assertThatThrownBy(() ->
                        new Pretraining(Kind.GPT.subject(folder, 7), plan(1), target("mine"), Progress.NONE).run())
                .hasMessageContaining("holds 'letter.txt'; name another");
    }

    @Test
    void shouldCountFilesThatCannotBeUsed() throws IOException {
        Path shapes = folder.resolve("shapes");
        Domains.shapes(shapes, 0, 2, 3, 1);
        Files.writeString(shapes.resolve("disc/broken.png"), "no picture");

        Subject subject = Images.of(shapes, new Images.Sizes(12, 4, 1), 1);

        assertThat(subject.samples()).isEqualTo(6);
        assertThat(subject.faults().first()).singleElement().asString().startsWith("disc/broken.png: ");
    }

    @Test
    void shouldHideFifteenPercentOfTheTokens() {
        int[] text = new int[200];
        for (int i = 0; i < text.length; i++) {
            text[i] = i == 0 ? 2 : i == text.length - 1 ? 3 : 5 + i;
        }
        MaskedTokens masked = new MaskedTokens(List.of(text), 5, 4, 300, 1);
        int hidden = 0;
        int same = 0;
        int guessed = 0;
        for (int turn = 0; turn < 100; turn++) {
            Batch.Sample sample = masked.sample(0, turn);
            assertThat(masked.sample(0, turn).row()).isEqualTo(sample.row());
            for (int i = 0; i < text.length; i++) {
                if (sample.target()[i] == Batch.NOTHING) {
                    assertThat(sample.row()[i]).isEqualTo(text[i]);
                } else {
                    assertThat(sample.target()[i]).isEqualTo(text[i]);
                    guessed++;
                    hidden += sample.row()[i] == 4 ? 1 : 0;
                    same += sample.row()[i] == text[i] ? 1 : 0;
                }
            }
        }

        assertThat(guessed).isEqualTo(100 * 30);
        assertThat((double) hidden / guessed).isBetween(0.77, 0.83);
        assertThat((double) same / guessed).isBetween(0.08, 0.12);
    }

    @Test
    void shouldLearnEachSampleOnceAnEpochAndNoneThatIsHeldOut() {
        SampleOrder order = new SampleOrder(5, 20, 0.2);

        for (int epoch = 0; epoch < 3; epoch++) {
            int from = epoch * order.epoch();
            List<Integer> learned = java.util.stream.IntStream.range(from, from + order.epoch())
                    .mapToObj(order::at)
                    .toList();
            assertThat(learned).hasSize(16).doesNotHaveDuplicates();
            for (int held : order.heldOut()) {
                assertThat(learned).doesNotContain(held);
            }
        }
        assertThat(new SampleOrder(5, 20, 0.2).at(37)).isEqualTo(order.at(37));
    }

    @Test
    void shouldHoldOptionsToTheirRanges() {
        assertThatThrownBy(() -> new PretrainingPlan(0, 4, 0.01, 0, 0, 0, 1, 1, 1))
                .hasMessage("steps must be from 1 to 1000000, but is 0; choose another");
        assertThatThrownBy(() -> new PretrainingPlan(1, 4, 0, 0, 0, 0, 1, 1, 1))
                .hasMessage("learning-rate must be above 0 and at most 1, but is 0; choose another");
        assertThatThrownBy(() -> new PretrainingPlan(1, 4, 0.1, 0, 0, 0, 1, 0, 1))
                .hasMessage("seed must be a number other than 0, but is 0; choose another");
    }
}
