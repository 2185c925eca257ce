package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.drift.Drift;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.goal.MultiLabelGoal;
import io.headwater.task.goal.RegressionGoal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests lanes in closed form that predict numbers or several labels. */
class ClosedGoalsTest {
    private static final int WIDTH = 6;

    private final Goal labels = new MultiLabelGoal(List.of("l0", "l1", "l2", "l3"));
    private final Goal numbers = new RegressionGoal(List.of("sum", "difference"));

    @Test
    void shouldPredictSeveralLabels() {
        AdaptationConfig config = config(TaskKind.MULTI_LABEL_CLASSIFICATION);
        try (LaneLearner learner = learned(config, labels, labelled(1, 240))) {
            assertThat(learner.contenders()).containsOnlyKeys("labels", "labels-recent");
            assertThat(score(config, labels, learner, labelled(2, 200))).isGreaterThan(0.95);
        }
    }

    @Test
    void shouldPredictNumbers() {
        AdaptationConfig config = config(TaskKind.REGRESSION);
        try (LaneLearner learner = learned(config, numbers, numbered(1, 240, 1))) {
            assertThat(learner.contenders()).containsOnlyKeys("ridge", "ridge-recent");
            assertThat(score(config, numbers, learner, numbered(2, 200, 1))).isGreaterThan(0.95);
        }
    }

    @Test
    void shouldNoticeAChangeOfNegativeNumbers() {
        AdaptationConfig config = config(TaskKind.REGRESSION).withLabels(List.of("value"));
        Goal one = new RegressionGoal(List.of("value"));
        try (LaneLearner learner = learned(config, one, negative(1, 200, -1))) {
            learner.promoteIfBetter(learner.artifact(), false);
            LaneStream.learn(learner, negative(2, 100, -1), 4);
            assertThat(learner.takeDrifts()).isEmpty();
            LaneStream.learn(learner, negative(3, 100, -9), 4);

            assertThat(learner.takeDrifts()).extracting(Drift::signal).contains(Drift.LEARNER_ERROR);
        }
    }

    @Test
    void shouldFollowNumbersThatChange() {
        AdaptationConfig config = config(TaskKind.REGRESSION);
        try (LaneLearner learner = learned(config, numbers, numbered(1, 200, 1))) {
            learner.promoteIfBetter(learner.artifact(), false);
            for (int i = 0; i < 26; i++) {
                LaneStream.learn(learner, numbered(10 + i, 16, -1), 4);
                learner.promoteIfBetter(learner.artifact(), false);
            }
            assertThat(score(config, numbers, learner, numbered(2, 200, -1))).isGreaterThan(0.8);
        }
    }

    private static AdaptationConfig config(TaskKind task) {
        return AdaptationConfig.of("goals", task, "minilm").withReplay(new ReplayConfig(100, 0));
    }

    private static GraphHeads heads(AdaptationConfig config, Goal goal) {
        return GraphHeads.of(config, WIDTH, goal.output(), PretrainedOutputLayer.NONE);
    }

    private static LaneLearner learned(AdaptationConfig config, Goal goal, List<Example> samples) {
        LaneLearner learner = LaneLearner.untrained(config, goal, LaneStream.BASE, heads(config, goal));
        LaneStream.learn(learner, samples, 4);
        return learner;
    }

    /** Returns the mean score of the newest head. */
    private static double score(AdaptationConfig config, Goal goal, LaneLearner learner, List<Example> samples) {
        try (PublishedHead head = PublishedHead.open(learner.artifact(), heads(config, goal))) {
            return head.scored(goal, samples).stream()
                    .mapToDouble(ScoredPrediction::score)
                    .average()
                    .orElseThrow();
        }
    }

    /** A label for each of the first four features that is above 0, which none is nearly. */
    private static List<Example> labelled(long seed, int count) {
        List<Example> samples = new ArrayList<>();
        for (float[] features : features(seed, count)) {
            Set<String> names = new TreeSet<>();
            for (int i = 0; i < 4; i++) {
                features[i] += features[i] > 0 ? 1 : -1;
                if (features[i] > 0) {
                    names.add("l" + i);
                }
            }
            samples.add(new Example(view(), new Label.MultiLabel(names), features, Target.of(List.copyOf(names))));
        }
        return samples;
    }

    private static List<Example> numbered(long seed, int count, int sign) {
        List<Example> samples = new ArrayList<>();
        for (float[] features : features(seed, count)) {
            float[] values = {sign * (features[0] + features[1]), features[0] - features[1]};
            samples.add(new Example(view(), new Label.Values(values), features, Target.of(values)));
        }
        return samples;
    }

    private static List<Example> negative(long seed, int count, float level) {
        List<Example> samples = new ArrayList<>();
        for (float[] features : features(seed, count)) {
            float[] values = {level + features[0] / 16};
            samples.add(new Example(view(), new Label.Values(values), features, Target.of(values)));
        }
        return samples;
    }

    private static List<float[]> features(long seed, int count) {
        Random random = new Random(seed);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[WIDTH];
            for (int f = 0; f < WIDTH; f++) {
                row[f] = (float) random.nextGaussian();
            }
            rows.add(row);
        }
        return rows;
    }

    private static PayloadView view() {
        return PayloadView.of(new Payload.Text("features"));
    }
}
