package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Thresholds;
import io.headwater.engine.Heads;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.TestModels;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.MultiLabelGoal;
import io.headwater.task.goal.RegressionGoal;
import io.headwater.task.goal.TagGoal;
import io.headwater.task.text.TokenizedText;
import io.headwater.task.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How often intervals of numbers and sets of labels and tags contain the truth, on streams that become harder. */
class GoalCoverageTest {
    private static final int WIDTH = 6;
    private static final int SAMPLES = 4_000;
    private static final int ANY = 2_000;
    private static final String TEXT = "one two three four five six";
    private static final List<String> WORDS = List.of(TEXT.split(" "));

    /** A stream of samples. */
    @FunctionalInterface
    private interface Stream {
        Example at(int sample, SplittableRandom random);
    }

    @Test
    void shouldGiveNumbersOfDifferentSizeIntervalsOfTheirOwn() {
        Goal goal = new RegressionGoal(List.of("small", "large"));
        PayloadView view = PayloadView.of(new Payload.Text("any"));

        List<List<Boolean>> covered = covered(TaskKind.REGRESSION, goal, SAMPLES, (sample, random) -> {
            float[] features = features(random);
            double noise = sample < SAMPLES / 2 ? 0.1 : 0.4;
            float[] values = {
                (float) (features[0] + noise * random.nextGaussian()),
                (float) (100 * features[1] + 50 * noise * random.nextGaussian())
            };
            return new Example(view, new Label.Values(values), features, Target.of(values));
        });

        assertThat(covered).hasSize(2).allSatisfy(GoalCoverageTest::assertCoverage);
    }

    @Test
    void shouldFindAllLabelsInTheirSet() {
        List<String> names = List.of("l0", "l1", "l2", "l3");
        PayloadView view = PayloadView.of(new Payload.Text("any"));

        List<List<Boolean>> covered =
                covered(TaskKind.MULTI_LABEL_CLASSIFICATION, new MultiLabelGoal(names), SAMPLES, (sample, random) -> {
                    float[] features = features(random);
                    double noise = sample < SAMPLES / 2 ? 0.3 : 1;
                    Set<String> labels = new TreeSet<>();
                    for (int i = 0; i < names.size(); i++) {
                        if (features[i] + noise * random.nextGaussian() > 0) {
                            labels.add(names.get(i));
                        }
                    }
                    return new Example(view, new Label.MultiLabel(labels), features, Target.of(List.copyOf(labels)));
                });

        assertThat(covered).singleElement().satisfies(GoalCoverageTest::assertCoverage);
    }

    /** Two thousand words in a row are about 330 texts. */
    @Test
    void shouldFindTheTagOfEachWordInItsSet() {
        Tokenizer tokenizer = Tokenizer.open(TestModels.miniLmInput(16));
        PayloadView view = new TokenizedText(new Payload.Text(TEXT), tokenizer.tokens(TEXT));
        int texts = 1_000;

        List<List<Boolean>> covered =
                covered(TaskKind.TOKEN_CLASSIFICATION, new TagGoal(List.of("O", "B-x"), 0), texts, (sample, random) -> {
                    int rows = WORDS.size() + 2;
                    double noise = sample < texts / 2 ? 0.3 : 1;
                    float[] features = new float[rows * WIDTH];
                    List<String> symbols = new ArrayList<>(Collections.nCopies(rows, ""));
                    for (int row = 1; row <= WORDS.size(); row++) {
                        float[] one = features(random);
                        System.arraycopy(one, 0, features, row * WIDTH, WIDTH);
                        symbols.set(row, one[0] + noise * random.nextGaussian() > 0 ? "B-x" : "O");
                    }
                    Label label = new Label.TokenTags(WORDS, symbols.subList(1, rows - 1));
                    return new Example(view, label, features, Target.of(symbols));
                });

        assertThat(covered).singleElement().satisfies(GoalCoverageTest::assertCoverage);
    }

    private static float[] features(SplittableRandom random) {
        float[] features = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            features[i] = (float) random.nextGaussian();
        }
        return features;
    }

    /**
     * Learns a stream in steps of eight, with a version every 50 steps.
     *
     * @return for each threshold, whether the outcomes of the samples were within it
     */
    private static List<List<Boolean>> covered(TaskKind task, Goal goal, int samples, Stream stream) {
        AdaptationConfig config = AdaptationConfig.of("goals", task, "minilm").withReplay(new ReplayConfig(100, 0));
        Heads heads = GraphHeads.of(config, WIDTH, goal.output(), PretrainedOutputLayer.NONE);
        SplittableRandom random = new SplittableRandom(5);
        List<List<Boolean>> covered = new ArrayList<>();
        for (int i = 0; i < goal.thresholds(); i++) {
            covered.add(new ArrayList<>());
        }
        try (LaneLearner lane = LaneLearner.untrained(config, goal, LaneStream.BASE, heads)) {
            HeadArtifact served = null;
            for (int from = 0; from < samples; from += 8) {
                List<Example> batch = new ArrayList<>();
                for (int i = from; i < from + 8; i++) {
                    batch.add(stream.at(i, random));
                }
                if (served != null) {
                    answer(served, heads, goal, lane.thresholds().published().orElseThrow(), batch, covered);
                }
                lane.step(batch);
                if ((from + 8) % 400 == 0) {
                    HeadArtifact newest = lane.artifact();
                    served = lane.promoteIfBetter(newest, false).promoted() ? newest : served;
                    lane.thresholds().publish();
                } else if (lane.thresholds().areDue()) {
                    lane.thresholds().publish();
                }
            }
        }
        return covered;
    }

    private static void answer(
            HeadArtifact served,
            Heads heads,
            Goal goal,
            Thresholds thresholds,
            List<Example> batch,
            List<List<Boolean>> into) {
        try (PublishedHead head = PublishedHead.open(served, heads)) {
            List<Answer> answers =
                    head.predictions(goal, batch.stream().map(Example::features).toArray(float[][]::new));
            for (int i = 0; i < answers.size(); i++) {
                double[] scores = answers.get(i).nonconformity(batch.get(i).target());
                for (int j = 0; j < scores.length; j++) {
                    int which = j % into.size();
                    into.get(which).add((float) scores[j] <= thresholds.values().get(which));
                }
            }
        }
    }

    private static void assertCoverage(List<Boolean> covered) {
        int sum = 0;
        for (int i = 0; i < covered.size(); i++) {
            sum += covered.get(i) ? 1 : 0;
            sum -= i >= ANY && covered.get(i - ANY) ? 1 : 0;
            if (i >= ANY - 1) {
                assertThat(sum / (double) ANY).isBetween(0.88, 0.92);
            }
        }
        assertThat(covered).hasSizeGreaterThan(ANY);
    }
}
