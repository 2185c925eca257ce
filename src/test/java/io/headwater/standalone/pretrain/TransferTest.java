package io.headwater.standalone.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.runtime.WholeModels;
import io.headwater.ops.Tasks;
import io.headwater.standalone.data.Corpus;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Faults;
import io.headwater.standalone.data.Item;
import io.headwater.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the base models of {@code src/test/resources/models}, created by {@code headwater pretrain}, learn a
 * target domain from few labels better than the same architecture with random initial weights.
 */
class TransferTest {
    private static final Path MODELS = Path.of("src/test/resources/models");

    @TempDir
    private Path folder;

    /** Labelled payloads. */
    private record Labelled(List<Payload> payloads, List<String> labels) {
        static Labelled of(Path classes, TaskKind task) {
            List<Item> items = Dataset.open(classes, task).items();
            return new Labelled(
                    items.stream().map(Item::payload).toList(),
                    items.stream()
                            .map(item -> ((Label.ClassLabel) item.label()).name())
                            .toList());
        }

        static Labelled of(List<Domains.Sentence> sentences) {
            return new Labelled(
                    sentences.stream()
                            .<Payload>map(sentence -> new Payload.Text(sentence.text()))
                            .toList(),
                    sentences.stream()
                            .map(sentence -> "topic " + sentence.topic())
                            .toList());
        }
    }

    /** A base model, and the target domain that it is adapted to. */
    enum Family {
        BERT("bert", TaskKind.TEXT_CLASSIFICATION),
        GPT("gpt", TaskKind.TEXT_CLASSIFICATION),
        ELMO("elmo", TaskKind.TEXT_CLASSIFICATION),
        RESNET("resnet", TaskKind.IMAGE_CLASSIFICATION),
        MEL_CNN("mel-cnn", TaskKind.AUDIO_CLASSIFICATION);

        private final String name;
        private final TaskKind task;

        Family(String name, TaskKind task) {
            this.name = name;
            this.task = task;
        }

        BaseModelManifest pretrained() {
            return BaseModelFile.read(MODELS.resolve(name).resolve("manifest.yaml"));
        }

        /** Returns the same architecture with untrained weights. */
        BaseModelManifest scratch(Path folder) throws IOException {
            Subject subject = subject(folder);
            Path file = folder.resolve(name + "-scratch.onnx");
            byte[] model = WholeModels.file(subject.model(), WholeModels.first(subject.model()));
            Files.write(file, model);
            BaseModelManifest like = pretrained();
            return new BaseModelManifest(
                    name + "-scratch",
                    like.licence(),
                    like.family(),
                    new ModelFile(file.toAbsolutePath().toString(), Digest.of(model)),
                    List.of(),
                    like.input(),
                    like.cut(),
                    like.blocks(),
                    like.pooling(),
                    like.normalise());
        }

        /** Returns a subject with the options of the base model. */
        private Subject subject(Path folder) throws IOException {
            Path data = folder.resolve("source");
            Corpus corpus = new Corpus("sentences.txt", Domains.sentences(1, 2500), Faults.NONE);
            return switch (this) {
                case BERT -> Languages.bert(corpus, new Languages.Sizes(2, 32, 4, 400, 16), 1);
                case GPT -> Languages.gpt(corpus, new Languages.Sizes(2, 32, 4, 500, 24), 1);
                case ELMO -> Languages.elmo(corpus, new Languages.Sizes(2, 64, 0, 400, 16), 1);
                case RESNET -> {
                    Domains.shapes(data, 0, Domains.SOURCE_SHAPES, 1, 1);
                    yield Images.of(data, new Images.Sizes(Domains.IMAGE_SIZE, 8, 1), 1);
                }
                case MEL_CNN -> {
                    Domains.signals(data, 0, Domains.SOURCE_SIGNALS, 1, 1);
                    yield Sounds.of(data, new Sounds.Sizes(Domains.SAMPLE_RATE, Domains.SECONDS, 24, 8, 1), 1);
                }
            };
        }

        /**
         * Returns data of the target domain: other shapes and signals, or topics whose test sentences use words that
         * do not occur in labelled ones.
         */
        Labelled target(Path folder, boolean isTest) throws IOException {
            Path data = folder.resolve(isTest ? "test" : "train");
            int each = isTest ? 15 : 5;
            long seed = isTest ? 77 : 76;
            return switch (this) {
                case BERT, GPT, ELMO -> Labelled.of(Domains.labelled(seed, each * 5, isTest ? 1 : 0));
                case RESNET -> {
                    Domains.shapes(data, Domains.SOURCE_SHAPES, Domains.SOURCE_SHAPES + 4, each, seed);
                    yield Labelled.of(data, task);
                }
                case MEL_CNN -> {
                    Domains.signals(data, Domains.SOURCE_SIGNALS, Domains.SOURCE_SIGNALS + 4, each, seed);
                    yield Labelled.of(data, task);
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeatTheSameArchitectureFromScratchOnFrozenFeatures(Family family) throws IOException {
        assertBetter(family, "training:\n  learning-rate: 0.05\n");
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeatTheSameArchitectureFromScratchWhenAllBlocksLearn(Family family) throws IOException {
        int blocks = family.pretrained().blocks().size();
        assertBetter(family, "training:\n  learning-rate: 0.01\n  strategy: fine-tune\n  unfreeze: " + blocks + "\n");
    }

    private void assertBetter(Family family, String yaml) throws IOException {
        AdaptationConfig config =
                AdaptationFile.parse("test", "name: test\ntask: " + family.task.key() + "\nbase: test\n" + yaml);
        Labelled train = family.target(folder, false);
        Labelled test = family.target(folder, true);

        double adapted = accuracy(family.pretrained(), config, train, test);
        double scratch = accuracy(family.scratch(folder), config, train, test);

        assertThat(adapted).as("scratch reaches %.3f", scratch).isGreaterThan(scratch + 0.1);
    }

    private static double accuracy(BaseModelManifest manifest, AdaptationConfig config, Labelled train, Labelled test) {
        List<String> classes = List.copyOf(new TreeSet<>(train.labels()));
        try (Task task = Tasks.of(config, manifest);
                DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config);
                Head head = model.heads().create(classes.size())) {
            float[][] features = features(task, model, train);
            float[][] targets = new float[features.length][classes.size()];
            float[] weights = new float[features.length];
            Arrays.fill(weights, 1);
            for (int i = 0; i < targets.length; i++) {
                targets[i][classes.indexOf(train.labels().get(i))] = 1;
            }
            for (int step = 0; step < 40; step++) {
                head.train(features, targets, weights);
            }
            float[][] logits = head.logits(features(task, model, test));
            int right = 0;
            for (int i = 0; i < logits.length; i++) {
                int best = 0;
                for (int k = 1; k < classes.size(); k++) {
                    best = logits[i][k] > logits[i][best] ? k : best;
                }
                right += classes.get(best).equals(test.labels().get(i)) ? 1 : 0;
            }
            return (double) right / logits.length;
        }
    }

    private static float[][] features(Task task, DividedModel model, Labelled data) {
        List<ModelInput> inputs = new ArrayList<>();
        for (Payload payload : data.payloads()) {
            Outcome<ModelInput> prepared = task.prepare(payload);
            assertThat(prepared).isInstanceOf(Outcome.Ok.class);
            prepared.then(input -> Outcome.ok(inputs.add(input)));
        }
        return model.backbone().features(inputs).toArray(float[][]::new);
    }
}
