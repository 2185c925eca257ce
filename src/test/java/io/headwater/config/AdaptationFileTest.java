package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.config.yaml.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptationFileTest {
    private static final String MINIMAL = "name: reviews\ntask: text-classification\nbase: minilm\n";

    @TempDir
    Path folder;

    @Test
    void shouldRememberAndPublishLessByDefaultWhenMoreThanTheOutputLayerLearns() {
        AdaptationConfig tuned = AdaptationFile.parse("tuned", """
                name: tuned
                task: text-classification
                base: minilm
                training.strategy: fine-tune
                replay.capacity: 7
                """);

        assertThat(tuned.replay()).isEqualTo(new ReplayConfig(7, ReplayConfig.UNFROZEN.perStep()));
        assertThat(tuned.checkpoint()).isEqualTo(CheckpointConfig.UNFROZEN);
    }

    @Test
    void shouldNeedNoMoreThanThreeKeys() {
        assertThat(parse(MINIMAL)).isEqualTo(AdaptationConfig.of("reviews", TaskKind.TEXT_CLASSIFICATION, "minilm"));
    }

    @Test
    void shouldReadEveryKindOfValue() {
        AdaptationConfig config = parse(MINIMAL + """
                labels: [good, bad, no, 7]
                source: shop
                training: {learning-rate: 1e-3, class-weights: balanced, seed: -9223372036854775808}
                checkpoint:
                  interval: 2s
                  linger: PT0.25S
                limits:
                  text-bytes: 2KiB
                  image-bytes: 1000
                """);

        assertThat(config.labels()).containsExactly("good", "bad", "no", "7");
        assertThat(config.source()).isEqualTo("shop");
        assertThat(config.training().learningRate()).isEqualTo(0.001);
        assertThat(config.training().classWeights()).isEqualTo(ClassWeights.BALANCED);
        assertThat(config.training().seed()).isEqualTo(Long.MIN_VALUE);
        assertThat(config.checkpoint().interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.checkpoint().linger()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.limits().textBytes()).isEqualTo(2048);
        assertThat(config.limits().imageBytes()).isEqualTo(1000);
    }

    @Test
    void shouldReportEveryFaultWithItsLine() {
        List<Fault> faults = faults("""
                name: two words
                base: minilm
                labels:
                  - a
                  - b
                  - a
                training:
                  batch-size: 0
                  learning-rate: fast
                  sede: 3
                seed: 4
                replay: 7
                limits:
                  classes: [2]
                """);

        assertThat(faults).extracting(Fault::line).containsExactly(1, 1, 6, 8, 9, 10, 11, 12, 14);
        assertThat(faults)
                .extracting(Fault::message)
                .anySatisfy(it -> assertThat(it).contains("name must be 1 to 100 letters", "'two words'"))
                .anySatisfy(it -> assertThat(it).contains("task is missing", "text-classification or"))
                .anySatisfy(it -> assertThat(it).contains("labels has 'a' twice"))
                .anySatisfy(it -> assertThat(it).contains("training.batch-size must be", "1 to 4096", "'0'"))
                .anySatisfy(it -> assertThat(it).contains("training.learning-rate must be", "'fast'"))
                .anySatisfy(it -> assertThat(it).contains("'training.sede'", "did you mean 'training.seed'?"))
                .anySatisfy(it -> assertThat(it).contains("'seed'", "did you mean 'training.seed'?"))
                .anySatisfy(it -> assertThat(it).contains("replay must be a section"))
                .anySatisfy(it -> assertThat(it).contains("limits.classes must be", "is a list"));
    }

    @Test
    void shouldListEveryFaultInTheMessage() {
        assertThatThrownBy(() -> AdaptationFile.parse("my.yaml", "name: a b\ntask: knitting\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("my.yaml:1: name must", "my.yaml:2: task must", "my.yaml:1: base is missing");
    }

    @Test
    void shouldReportAnUnknownSectionOnce() {
        assertThat(faults(MINIMAL + "trainig: {batch-size: 1, seed: 2}\n"))
                .containsExactly(new Fault(4, "'trainig' is not a key here; did you mean 'training'?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name: twice", "'base': twice", "training: {seed: 1, seed: 2}"})
    void shouldRefuseAKeyGivenTwice(String line) {
        assertThat(faults(MINIMAL + line))
                .singleElement()
                .extracting(Fault::message)
                .asString()
                .contains("is given twice, first in line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"anchor: {samples: 7}", "anchor.samples: 7", "guard: {samples: 7}"})
    void shouldReadSectionsByTheNameThatFormerReleasesHadForThem(String line) {
        assertThat(parse(MINIMAL + line).guard().samples()).isEqualTo(7);
    }

    @Test
    void shouldRefuseASectionUnderBothOfItsNames() {
        assertThat(faults(MINIMAL + "guard: {samples: 7}\nanchor: {samples: 8}\n"))
                .extracting(Fault::line)
                .contains(5);
        assertThat(faults(MINIMAL + "guard.samples: 7\nanchor.samples: 8\n"))
                .containsExactly(
                        new Fault(
                                5,
                                "anchor.samples is the former name of guard.samples, which is given as well; keep one of them"));
    }

    @Test
    void shouldReadAKeyWrittenFlat() {
        assertThat(parse(MINIMAL + "training.batch-size: 5").training().batchSize())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.seed|0",
                "training.seed|9223372036854775808",
                "training.learning-rate|0",
                "training.learning-rate|.nan",
                "training.learning-rate|1e999",
                "training.label-smoothing|1",
                "checkpoint.interval|0ms",
                "checkpoint.interval|5",
                "checkpoint.interval|25h",
                "checkpoint.linger|-1s",
                "checkpoint.linger|PT-1S",
                "guard.every|1",
                "promotion.error-level|0.6",
                "limits.text-bytes|11MiB",
                "limits.text-bytes|999999999999MiB",
                "limits.text-bytes|64KB",
                "limits.classes|1",
                "limits.image-pixels|100000001",
                "labels|good",
                "labels|[one]",
                "labels|[one, ~]",
                "labels|[one, [two]]",
                "source|a/b",
                "cut|a++b",
                "cut|+",
                "training.strategy|full",
                "training.unfreeze|1001",
                "training.phase-steps|0",
                "training.lora-alpha|0",
                "training.dropout|1",
                "training.batch-norm|move",
                "optimiser.momentum|1",
                "optimiser.clip-norm|1e999",
                "optimiser.layer-decay|0",
                "optimiser.l2-sp|1.1",
            })
    void shouldRefuseAValueOutsideItsRule(String key, String value) {
        assertThat(faults(MINIMAL + key + ": " + value))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.message()).startsWith(key + " "));
    }

    @Test
    void shouldLetARegressionNameItsOneNumber() {
        AdaptationConfig config = AdaptationFile.parse(
                "a.yaml", MINIMAL.replace("text-classification", "regression") + "labels: [stars]");
        assertThat(config.labels()).containsExactly("stars");
        assertThat(config.training().learningRate()).isEqualTo(0.02);
    }

    @Test
    void shouldRefuseMoreLabelsThanClasses() {
        assertThat(faults(MINIMAL + "labels: [a, b, c]\nlimits: {classes: 2}\nseed: 1"))
                .extracting(Fault::line)
                .containsExactly(4, 6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training: {strategy: fine-tune, unfreeze: 2}, cut: a|training.unfreeze must be 0 when cut is given",
                "cut: a+b|cut must name one tensor with training.strategy linear-probe, which learns from it as it is, but is 'a+b'",
                "training: {unfreeze: 1}|training.unfreeze must be 0 with training.strategy linear-probe",
                "training: {scalar-mix: [a, b]}, cut: c|training.scalar-mix must be empty when cut is given, because each says where the model is divided, but is [a, b] with cut 'c'",
                "training: {scalar-mix: [a, b], strategy: lp-ft}|training.scalar-mix must be empty with training.strategy lp-ft",
                "training: {scalar-mix: [a]}|training.scalar-mix must be a list of 2 to 64 names of tensors, none twice, or empty, but has 1",
                "training: {scalar-mix: [a, b, a]}|training.scalar-mix has 'a' twice; keep one of them",
                "training: {batch-norm: update}|training.batch-norm must be keep with training.strategy linear-probe",
                "optimiser: {weight-decay: 0.1, updater: sgd}|optimiser.weight-decay must be 0 with optimiser.updater sgd",
                "optimiser: {schedule: warm-up}|optimiser.warm-up-steps must be at least 1 with optimiser.schedule warm-up",
                "optimiser: {schedule: inverse-square-root, warm-up-steps: 0}|optimiser.warm-up-steps must be at least 1",
            })
    void shouldReportKeysThatContradictEachOtherWithTheOtherFaults(String keys, String message) {
        String yaml = "{name: reviews, task: text-classification, base: minilm, seed: 1, " + keys + "}";

        assertThat(faults(yaml))
                .extracting(Fault::message)
                .hasSize(2)
                .anySatisfy(it -> assertThat(it).startsWith(message))
                .anySatisfy(it -> assertThat(it).contains("'seed'"));
    }

    @Test
    void shouldReadHowTheTopLearns() {
        AdaptationConfig config = parse(MINIMAL + """
                training: {strategy: lp-ft, unfreeze: 2, parameters: lora, dropout: 0.1, batch-norm: update}
                optimiser: {updater: adamw, weight-decay: 0.01, schedule: cosine, clip-norm: 1}
                """);

        assertThat(config.strategy().blocks()).isEqualTo(2);
        assertThat(config.strategy().cuts()).isEmpty();
        assertThat(config.strategy().top().parameters()).isEqualTo(TopParameters.LORA);
        assertThat(config.strategy().top().dropout()).isEqualTo(0.1);
        assertThat(config.strategy().top().batchNorm()).isEqualTo(BatchStatistics.UPDATE);
        assertThat(config.optimiser().updater()).isEqualTo(Updater.ADAMW);
        assertThat(config.optimiser().schedule()).isEqualTo(Schedule.COSINE);
    }

    @Test
    void shouldReadTheTensorsOfAScalarMixInTheirOrder() {
        AdaptationConfig config = parse(MINIMAL + "training.scalar-mix: [layer.6, embeddings, layer.0+1]");

        assertThat(config.strategy().top().scalarMix()).containsExactly("layer.6", "embeddings", "layer.0+1");
    }

    @Test
    void shouldUnfreezeOneBlockUnlessTheCutSaysOtherwise() {
        assertThat(parse(MINIMAL).strategy().blocks()).isZero();
        assertThat(parse(MINIMAL + "training.strategy: gradual").strategy().blocks())
                .isEqualTo(1);
        StrategyConfig named =
                parse(MINIMAL + "training.strategy: gradual\ncut: a+b").strategy();
        assertThat(named.blocks()).isZero();
        assertThat(named.cuts()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a]",
                "just words",
                "a: b: c",
                "name: &x [1]\ntask: *x",
                "name: 'open",
                "a: 1\n---\nb: 2",
                "? [a]\n: b",
                "name: \u0001"
            })
    void shouldRefuseWhatIsNoSimpleMapping(String yaml) {
        assertThat(faults(yaml)).isNotEmpty();
    }

    @Test
    void shouldRefuseNestingWithoutEnd() {
        assertThat(faults("name: " + "[".repeat(100_000))).hasSize(1);
    }

    @Test
    void shouldReportManyUnknownKeysQuickly() {
        String yaml = IntStream.range(0, 5_000).mapToObj(i -> "k" + i + ": 1\n").collect(Collectors.joining());

        assertThat(faults(MINIMAL + yaml)).hasSize(5_000);
    }

    @Test
    void shouldResolveARelativeBaseFromTheFolderOfTheFile() throws Exception {
        assertThat(read("base: models/x.onnx.yaml").base())
                .isEqualTo(folder.resolve("models/x.onnx.yaml").toString());
        assertThat(read("base: ../x.yml").base())
                .isEqualTo(folder.resolveSibling("x.yml").toString());
        assertThat(read("base: /etc/x").base()).isEqualTo("/etc/x");
        assertThat(read("base: minilm").base()).isEqualTo("minilm");
    }

    @Test
    void shouldSayWhatIsWrongWithAFileThatCannotBeRead() throws Exception {
        Path latin = Files.write(folder.resolve("latin.yaml"), "name: é".getBytes(StandardCharsets.ISO_8859_1));
        Path large = Files.write(folder.resolve("large.yaml"), new byte[ConfigurationFiles.MAXIMUM_BYTES + 1]);

        assertThatThrownBy(() -> AdaptationFile.read(folder.resolve("none.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> AdaptationFile.read(folder)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> AdaptationFile.read(latin)).hasMessageContaining("must be UTF-8");
        assertThatThrownBy(() -> AdaptationFile.read(large)).hasMessageContaining("at most");
    }

    private AdaptationConfig read(String base) throws Exception {
        Path file = folder.resolve("adaptation.yaml");
        Files.writeString(file, "name: reviews\ntask: text-classification\n" + base + "\n");
        return AdaptationFile.read(file);
    }

    private static AdaptationConfig parse(String yaml) {
        return AdaptationFile.parse("test.yaml", yaml);
    }

    private static List<Fault> faults(String yaml) {
        return catchThrowableOfType(ConfigurationException.class, () -> parse(yaml))
                .faults();
    }
}
