package io.headwater.adapt.judge;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.ArtifactException;

/**
 * The errors that a lane may make in all its promotions and rollbacks together.
 *
 * <p>A lane decides in rounds. In a round several {@linkplain SequentialTest tests} run side by side on the same
 * samples, such as one for each contender against the champion and one for the champion's predecessor against the
 * champion. The first test whose evidence reaches {@link #required} decides: it ends the round, and the next round
 * starts with new tests. A round can also end without a decision, for example because a person decided.
 *
 * <p>Let a decision be false if the version that it replaced was not worse by more than the smallest effect. Then:
 *
 * <ol>
 *   <li>The expected largest fraction of false decisions among the decisions so far, over the whole life of the lane, is
 *       at most {@link #level}. In particular, a lane in which no challenger is ever better makes a decision with at
 *       most this probability, however long it runs.
 *   <li>A round in which no challenger is better ends with a decision with a probability of at most {@link
 *       #levelOfRound}, which is at most 0.5 × level.
 * </ol>
 *
 * <p>This is e-LOND (Xu and Ramdas, Online multiple testing with e-values, 2024): round t has the level {@code level × g(t)
 * × (decisions before it + 1)}, where the sum of g(t) over all rounds is 1, and the tests of a round share its level
 * equally. It needs no independence between rounds. Here g(t) is proportional to 1 / ((t + 1) ln²(t + 1)), so that a
 * lane stays able to decide: when every round ends with a decision, the evidence that is required grows from 3.7 in the first
 * round to 5.6 in the tenth, 6.8 in the hundredth and 7.6 in the thousandth. A level divided by the squares of the
 * number of rounds, which bounds the probability of even one false decision, would require 17.3 then. Not thread-safe.
 */
public final class ErrorBudget {
    /** The sum of 1 / (n ln² n) over all n from 2. */
    private static final double SUM = 2.109742801;

    private final double level;
    private long round = 1;
    private long decisions;

    /**
     * Starts the first round.
     *
     * @param level the expected fraction of false decisions that is allowed, above 0 and below 1
     */
    public ErrorBudget(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("the error level must be above 0 and below 1, but is " + level);
        }
        this.level = level;
    }

    /** Returns the expected fraction of false decisions that is allowed. */
    public double level() {
        return level;
    }

    /** Returns the probability with which the present round may end with a false decision. */
    public double levelOfRound() {
        double log = StrictMath.log(round + 1.0);
        return level * (decisions + 1) / ((round + 1) * log * log * SUM);
    }

    /**
     * Returns the evidence that a test of the present round needs to decide.
     *
     * @param tests how many tests share the round, at least 1; the same number during the whole round
     * @return the natural logarithm of the wealth
     */
    public double required(int tests) {
        if (tests < 1) {
            throw new IllegalArgumentException("a round must have at least 1 test, but has " + tests);
        }
        return StrictMath.log(tests / levelOfRound());
    }

    /** Ends the round and starts the next one. {@code decided} says whether one of its tests decided. */
    public void endRound(boolean decided) {
        round++;
        if (decided) {
            decisions++;
        }
    }

    /** Returns the number of the present round, from 1. */
    public long round() {
        return round;
    }

    /** Returns the number of rounds that ended with a decision. */
    public long decisions() {
        return decisions;
    }

    /** Writes the state, without the level. */
    public void write(SectionWriter section) {
        section.value("round", round);
        section.value("decisions", decisions);
    }

    /** Returns a budget that continues from the state in {@code section}. */
    public static ErrorBudget read(double level, SectionReader section) {
        ErrorBudget budget = new ErrorBudget(level);
        budget.round = section.value("round", Long::valueOf);
        budget.decisions = section.value("decisions", Long::valueOf);
        if (budget.decisions < 0 || budget.decisions >= budget.round) {
            throw new ArtifactException(
                    "the decisions of '%s' in a checkpoint must be from 0 to below its round %d, but are %d"
                            .formatted(section.name(), budget.round, budget.decisions));
        }
        return budget;
    }
}
