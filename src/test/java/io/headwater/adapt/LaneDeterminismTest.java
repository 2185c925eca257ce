package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.samples;
import static io.headwater.adapt.LaneStream.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.GuardConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.LimitsConfig;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Digest;
import io.headwater.task.ScoredPrediction;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that a lane depends only on its samples and on how they are divided into steps. */
class LaneDeterminismTest {
    /** The step after which a version begins to serve. */
    private static final int PROMOTED = 2;

    @Property(tries = 3)
    void shouldMakeTheSameBytesOfTheSameSamplesAndCuts(
            @ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(max = 3) int hidden,
            @ForAll @Size(min = 4, max = 10) List<@IntRange(min = 1, max = 6) Integer> cuts) {
        AdaptationConfig config = config(hidden);

        assertThat(run(config, seed, cuts, -1)).isEqualTo(run(config, seed, cuts, -1));
    }

    @Property(tries = 10)
    void shouldGoOnBitForBitFromACheckpointAfterAnyStep(
            @ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(max = 3) int hidden,
            @ForAll @Size(min = 4, max = 10) List<@IntRange(min = 1, max = 6) Integer> cuts,
            @ForAll @IntRange(max = 9) int restart) {
        AdaptationConfig config = config(hidden);

        assertThat(run(config, seed, cuts, restart % cuts.size())).isEqualTo(run(config, seed, cuts, -1));
    }

    @Test
    void shouldScoreAlikeWhetherOrNotACheckpointFollowsAStepOfTheGuardSetAlone() {
        assertThat(saidAfterAGuardSampleOfANewClass(true)).isEqualTo(saidAfterAGuardSampleOfANewClass(false));
    }

    /**
     * After the first step of Adam every weight is plus or minus the learning rate, so where all three inputs are on,
     * the logits of the known classes are negative and below that of an untrained class.
     */
    private static @Nullable String saidAfterAGuardSampleOfANewClass(boolean checkpoint) {
        try (LaneLearner learner = untrained(LaneStream.config())) {
            learner.step(List.of(
                    LaneStream.example(new float[] {1, 0, 0, 0, 0, 0}, "c0"),
                    LaneStream.example(new float[] {0, 1, 0, 0, 0, 0}, "c1"),
                    LaneStream.example(new float[] {0, 0, 1, 0, 0, 0}, "c2")));
            learner.step(List.of(LaneStream.example(new float[] {0, 0, 0, 1, 0, 0}, "new")));
            if (checkpoint) {
                assertThat(learner.checkpoint()).isNotEmpty();
            }
            ScoredPrediction predicted = learner.step(List.of(LaneStream.example(new float[] {1, 1, 1, 0, 0, 0}, "c0")))
                    .scores()
                    .get(0)
                    .challenger();
            return predicted == null ? null : predicted.predicted().text();
        }
    }

    /** Artifact and checkpoint after all steps; the lane is closed and restored after step {@code restart}, if not -1. */
    private static List<Digest> run(AdaptationConfig config, int seed, List<Integer> cuts, int restart) {
        List<Example> stream =
                samples(seed, cuts.stream().mapToInt(Integer::intValue).sum(), 4);
        LaneLearner learner = untrained(config);
        HeadArtifact champion = null;
        int from = 0;
        for (int step = 0; step < cuts.size(); step++) {
            learner.step(stream.subList(from, from + cuts.get(step)));
            from += cuts.get(step);
            if (step == PROMOTED) {
                champion = learner.artifact();
                learner.promote(champion);
            }
            if (step == restart) {
                byte[] checkpoint = learner.checkpoint();
                learner.close();
                learner = LaneLearner.restored(config, LaneStream.goal(config), LaneStream.heads(config), checkpoint);
                if (champion != null) {
                    learner.restoreChampion(champion);
                }
                assertThat(learner.checkpoint()).isEqualTo(checkpoint);
            }
        }
        List<Digest> bytes = List.of(Digest.of(learner.artifact().toBytes()), Digest.of(learner.checkpoint()));
        learner.close();
        return bytes;
    }

    /** Guard samples are frequent, so that some steps consist of them only. */
    private static AdaptationConfig config(int hidden) {
        return LaneStream.with(
                new HeadConfig(hidden),
                new TrainingConfig(4, 0.05, 0.1, ClassWeights.BALANCED, 3),
                new GuardConfig(8, 2),
                LimitsConfig.DEFAULT);
    }
}
