package io.headwater.adapt.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.ArtifactException;
import io.headwater.testing.Sections;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ErrorBudgetTest {
    private static final double LEVEL = 0.05;

    @Test
    void shouldDivideTheLevelOverAllRoundsWithoutDecisions() {
        ErrorBudget budget = new ErrorBudget(LEVEL);
        double sum = 0;
        for (int round = 0; round < 1_000_000; round++) {
            sum += budget.levelOfRound();
            budget.endRound(false);
        }

        assertThat(sum).isLessThan(LEVEL).isGreaterThan(0.95 * LEVEL);
    }

    @Test
    void shouldStayAbleToDecideAfterManyDecisions() {
        ErrorBudget budget = new ErrorBudget(LEVEL);

        assertThat(budget.required(1)).isCloseTo(3.70, within(0.01));
        for (int round = 1; round < 1000; round++) {
            budget.endRound(true);
        }

        assertThat(budget.round()).isEqualTo(1000);
        assertThat(budget.decisions()).isEqualTo(999);
        assertThat(budget.required(1)).isCloseTo(7.61, within(0.01));
    }

    @Property(tries = 50)
    void shouldShareTheLevelOfARoundEqually(
            @ForAll @IntRange(min = 1, max = 9) int tests, @ForAll @IntRange(max = 99) int rounds) {
        ErrorBudget budget = new ErrorBudget(LEVEL);
        for (int round = 0; round < rounds; round++) {
            budget.endRound(round % 3 == 0);
        }

        assertThat(tests * StrictMath.exp(-budget.required(tests))).isCloseTo(budget.levelOfRound(), within(1e-12));
        assertThat(budget.levelOfRound()).isPositive().isLessThanOrEqualTo(LEVEL / 2);
    }

    /** Every second round has a better challenger, the others have five challengers that are as good as the champion. */
    @Test
    void shouldKeepTheFractionOfFalseDecisionsBelowTheLevel() {
        double largest = 0;
        int lanes = 200;
        for (int lane = 0; lane < lanes; lane++) {
            largest += largestFalseFraction(new SplittableRandom(lane));
        }

        assertThat(largest / lanes).isLessThanOrEqualTo(LEVEL);
    }

    private static double largestFalseFraction(SplittableRandom random) {
        ErrorBudget budget = new ErrorBudget(LEVEL);
        double largest = 0;
        int wrong = 0;
        for (int round = 0; round < 20; round++) {
            boolean better = round % 2 == 0;
            boolean decided = decides(better ? 1 : 5, better ? 0.9 : 0.5, budget, random);
            budget.endRound(decided);
            if (decided && !better) {
                wrong++;
            }
            largest = Math.max(largest, wrong / Math.max(1.0, budget.decisions()));
        }
        return largest;
    }

    /** Returns whether one of several challengers, which each win a share of the samples, is decided for. */
    private static boolean decides(int challengers, double wins, ErrorBudget budget, SplittableRandom random) {
        double required = budget.required(challengers);
        for (int challenger = 0; challenger < challengers; challenger++) {
            SequentialTest test = new SequentialTest(0);
            for (int i = 0; i < 100; i++) {
                boolean won = random.nextDouble() < wins;
                test.add(won ? 1 : 0, won ? 0 : 1);
                if (test.evidence() >= required) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void shouldContinueFromItsSection() {
        ErrorBudget budget = new ErrorBudget(LEVEL);
        budget.endRound(true);
        budget.endRound(false);
        budget.endRound(true);

        ErrorBudget restored = ErrorBudget.read(LEVEL, Sections.written(budget::write));

        assertThat(restored.round()).isEqualTo(4);
        assertThat(restored.decisions()).isEqualTo(2);
        assertThat(restored.levelOfRound()).isEqualTo(budget.levelOfRound());
    }

    @Test
    void shouldRejectWhatCannotBe() {
        assertThatThrownBy(() -> new ErrorBudget(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("above 0 and below 1");
        assertThatThrownBy(() -> new ErrorBudget(LEVEL).required(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 test");
        assertThatThrownBy(() -> ErrorBudget.read(LEVEL, Sections.written(section -> {
                    section.value("round", 3);
                    section.value("decisions", 3);
                })))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("below its round 3, but are 3");
    }
}
