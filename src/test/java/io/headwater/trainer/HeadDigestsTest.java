package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.adapt.LaneLearner;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.engine.DividedModel;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.ops.Tasks;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the same configuration and samples give the same bytes of heads as in earlier releases: for each kind of
 * training, the digest of the head after eleven steps is recorded in {@code head-digests.properties}.
 *
 * <p>The bytes depend on the matrix kernels that the native libraries choose by the vector instructions of a processor.
 * The file names the platform on which its digests were recorded, and the test is skipped on others. A change that
 * intentionally alters training records new digests with {@code -Dheadwater.record-digests} and mentions it in the
 * changelog.
 */
class HeadDigestsTest {
    private static final int SAMPLES = 44;
    private static final int STEP = 4;
    private static final Set<String> VECTOR_INSTRUCTIONS =
            Set.of("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_tile", "asimd", "sve");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldLearnTheRecordedBytes(LearningKind kind) throws IOException {
        if (System.getProperty("headwater.record-digests") != null) {
            System.err.println("platform=" + platform());
            System.err.println(kind + "=" + learn(kind));
            return;
        }
        Properties recorded = recorded();
        assumeThat(platform()).isEqualTo(recorded.getProperty("platform"));

        assertThat(learn(kind)).hasToString(recorded.getProperty(kind.name()));
    }

    /** Architecture, operating system, and those vector instructions of the processor for which kernels exist. */
    private static String platform() throws IOException {
        Path processor = Path.of("/proc/cpuinfo");
        Set<String> found = new TreeSet<>();
        if (Files.exists(processor)) {
            found.addAll(List.of(Files.readString(processor).split("\\s+")));
            found.retainAll(VECTOR_INSTRUCTIONS);
        }
        return System.getProperty("os.arch") + " " + System.getProperty("os.name") + " " + String.join(" ", found);
    }

    private Digest learn(LearningKind kind) {
        AdaptationConfig config = kind.config();
        BaseModelManifest base = kind.base(folder);
        try (Task task = Tasks.of(config, base);
                DividedModel model = BaseModelOpener.open(base, Compute.ONE_THREAD)
                        .divide(config, task.goal().output());
                LaneLearner lane = LaneLearner.untrained(
                        config, task.goal(), model.backbone().digest(), model.heads())) {
            List<Example> examples = examples(kind, task, model);
            for (int from = 0; from < examples.size(); from += STEP) {
                List<Example> batch = examples.subList(from, from + STEP);
                batch.forEach(example -> assertThat(lane.admit(example)).isInstanceOf(Outcome.Ok.class));
                lane.step(batch);
            }
            return Digest.of(lane.artifact().toBytes());
        }
    }

    private static List<Example> examples(LearningKind kind, Task task, DividedModel model) {
        List<Outcome<Examples.Pair>> pairs = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            pairs.add(Outcome.ok(new Examples.Pair(kind.payload(i), kind.label(i))));
        }
        Featurizer featurizer = new Featurizer(task, model.backbone(), new FeatureCache(1 << 20));
        return new Examples(task, featurizer)
                .of(pairs).stream()
                        .map(outcome -> {
                            assertThat(outcome).isInstanceOf(Outcome.Ok.class);
                            return ((Outcome.Ok<Example>) outcome).value();
                        })
                        .toList();
    }

    private static Properties recorded() throws IOException {
        Properties digests = new Properties();
        try (InputStream file = HeadDigestsTest.class.getResourceAsStream("head-digests.properties")) {
            digests.load(file);
        }
        return digests;
    }
}
