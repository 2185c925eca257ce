package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.adapt.LaneLearner;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Outcome;
import io.headwater.engine.DividedModel;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.ops.Tasks;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.headwater.testing.DamagedFiles;
import io.headwater.testing.DamagedFiles.Damaged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that checkpoints of all kinds of heads and tasks are read or refused, whatever in them is damaged. */
class DamagedCheckpointsTest {
    /** Names that were damaged in a checkpoint of another kind already. */
    private static final Set<String> NAMES = new HashSet<>();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            names = {
                "HIDDEN_LAYER",
                "FINE_TUNE_ADAMW",
                "LOW_RANK",
                "SCALAR_MIX",
                "IMAGES_NORMALISED_BY_BATCH",
                "GRAPH_TOP",
                "REGRESSION",
                "ANSWERS",
                "TRANSCRIPTS",
                "DOUBLE_DQN",
                "CLOSED_FORM_LABELS",
                "CLOSED_FORM_NUMBERS",
                "CLOSED_FORM_TAGS"
            })
    void shouldReadOrRefuseACheckpointThatIsDamagedAnywhere(LearningKind kind) {
        AdaptationConfig config = kind.config();
        BaseModelManifest base = kind.base(folder);
        try (Task task = Tasks.of(config, base);
                DividedModel model = BaseModelOpener.open(base, Compute.ONE_THREAD)
                        .divide(config, task.goal().output())) {
            List<String> failed = new ArrayList<>();
            for (Damaged one : DamagedFiles.of(checkpoint(kind, task, model), NAMES)) {
                try {
                    LaneLearner.restored(config, task.goal(), model.heads(), one.file())
                            .close();
                } catch (ArtifactException | ConfigurationException refused) {
                    assertThat(refused.getMessage()).doesNotEndWith(" null");
                } catch (RuntimeException | Error e) {
                    failed.add("%s: %s at %s".formatted(one.damage(), e, List.of(e.getStackTrace())));
                }
            }

            assertThat(failed).isEmpty();
        }
    }

    private static byte[] checkpoint(LearningKind kind, Task task, DividedModel model) {
        List<Outcome<Examples.Pair>> pairs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pairs.add(Outcome.ok(new Examples.Pair(kind.payload(i), kind.label(i))));
        }
        Featurizer featurizer = new Featurizer(task, model.backbone(), new FeatureCache(1 << 20));
        List<Example> examples = new Examples(task, featurizer)
                .of(pairs).stream()
                        .map(outcome -> ((Outcome.Ok<Example>) outcome).value())
                        .toList();
        try (LaneLearner lane = LaneLearner.untrained(
                kind.config(), task.goal(), model.backbone().digest(), model.heads())) {
            examples.forEach(lane::admit);
            lane.step(examples.subList(0, 4));
            lane.step(examples.subList(4, 8));
            lane.promote(lane.artifact());
            lane.step(examples.subList(8, 12));
            return lane.checkpoint();
        }
    }
}
