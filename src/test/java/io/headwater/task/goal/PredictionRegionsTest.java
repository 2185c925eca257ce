package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Payload;
import io.headwater.domain.PredictionInterval;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.PredictionRegion.Intervals;
import io.headwater.domain.PredictionRegion.TagSets;
import io.headwater.domain.Thresholds;
import io.headwater.engine.TestModels;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.text.TokenizedText;
import io.headwater.task.text.Tokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which outcomes may be true besides the predicted one, by the thresholds of a lane. */
class PredictionRegionsTest {
    private static final PayloadView ANY = PayloadView.of(new Payload.Text("any"));
    private static final List<String> NAMES = List.of("a", "b", "c");

    /** Logits whose softmax is 0.2, 0.5 and 0.3. */
    private static final float[] LOGITS = {log(0.2), log(0.5), log(0.3)};

    @Test
    void shouldNameTheClassesWhoseProbabilityIsLargeEnough() {
        Goal goal = new ClassGoal(List.of(), 0);
        Answer answer = goal.decode(NAMES, LOGITS);

        assertThat(goal.thresholds()).isOne();
        assertThat(answer.region(ANY, at(0.75))).contains(new ClassSet(0.9, List.of("b", "c")));
        assertThat(answer.region(ANY, at(0.4))).contains(new ClassSet(0.9, List.of()));
        assertThat(answer.nonconformity(Target.of(List.of("c")))[0]).isCloseTo(0.7, within(1e-6));
        assertThat(answer.nonconformity(Target.of(List.of("of a later version"))))
                .containsExactly(1);
        assertThat(answer.risk(ANY)).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void shouldNameTheActionsThatAPersonMayHaveChosen() {
        assertThat(new ImitationGoal(NAMES, 0).thresholds()).isOne();
    }

    @Test
    void shouldNameTheLabelsAmongWhichAllTrueOnesAre() {
        Goal goal = new MultiLabelGoal(NAMES);
        Answer answer = goal.decode(NAMES, new float[] {odds(0.8), odds(0.4), odds(0.1)});

        assertThat(answer.region(ANY, at(0.6001))).contains(new ClassSet(0.9, List.of("a", "b")));
        assertThat(answer.nonconformity(Target.of(List.of("a", "b")))[0]).isCloseTo(0.6, within(1e-6));
        assertThat(answer.nonconformity(Target.of(List.of()))).containsExactly(0);
        assertThat(answer.risk(ANY)).isCloseTo(1 - 0.8 * 0.6 * 0.9, within(1e-6));
    }

    @Test
    void shouldGiveEachNumberItsOwnInterval() {
        Goal goal = new RegressionGoal(List.of("height", "weight"));
        Answer answer = goal.decode(List.of(), new float[] {1.5f, -2});

        assertThat(goal.thresholds()).isEqualTo(2);
        assertThat(answer.nonconformity(Target.of(1, 2))).containsExactly(0.5, 4);
        assertThat(answer.region(ANY, new Thresholds(0.8, List.of(0.5, 0.0))))
                .contains(new Intervals(0.8, List.of(new PredictionInterval(1, 2), new PredictionInterval(-2, -2))));
        assertThat(answer.risk(ANY)).isNaN();
    }

    /** [CLS] new york and a word that is no longer read. */
    @Test
    void shouldGiveEachWordItsTags() {
        Goal goal = new TagGoal(List.of("O", "B-x"), 0);
        Tokenizer tokenizer = Tokenizer.open(TestModels.miniLmInput(4));
        PayloadView text = new TokenizedText(new Payload.Text("new york city"), tokenizer.tokens("new york city"));
        float[] logits = {0, 0, log(0.9), log(0.1), log(0.3), log(0.7), 0, 0};
        Answer answer = goal.decode(List.of("O", "B-x"), logits);

        assertThat(answer.region(text, at(0.75)))
                .contains(new TagSets(0.9, List.of(List.of("O"), List.of("B-x", "O"), List.of("O", "B-x"))));
        double[] scores = answer.nonconformity(Target.of(List.of("", "O", "O", "")));
        assertThat(scores).hasSize(2);
        assertThat(scores[1]).isCloseTo(0.7, within(1e-6));
        assertThat(answer.risk(text)).isCloseTo(0.2, within(1e-6));
    }

    private static Thresholds at(double threshold) {
        return new Thresholds(0.9, List.of(threshold));
    }

    private static float log(double probability) {
        return (float) Math.log(probability);
    }

    private static float odds(double probability) {
        return (float) Math.log(probability / (1 - probability));
    }
}
