package io.headwater.adapt.race;

import io.headwater.adapt.judge.ErrorBudget;
import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.PromotionConfig;
import io.headwater.task.Answer;
import io.headwater.task.Target;
import java.util.Arrays;
import java.util.List;

/**
 * Which of the contenders that use samples without a label stands in for the leader of those that learn from labels alone, if
 * any does. These are compared with each other as if there were no samples without a label, so that a lane is never worse than
 * without these by more than it takes to see it:
 *
 * <ul>
 *   <li>As long as the lane has no label, one stands in if the features of its samples differ visibly from those of its source.
 *   <li>One takes the place by the evidence of a sequential test on samples with labels.
 *   <li>It goes as soon as it was no better than the leader on the newest of them, in its probabilities or its answers.
 * </ul>
 *
 * <p>Contenders are known by their places among those that use samples without a label. Not thread-safe.
 */
final class StandIn {
    /** The place of none. */
    static final int NONE = -1;

    /** The weight of a new sample in means of qualities over the newest ones. */
    private static final double NEWEST = 1.0 / 32;

    /** The same for means of scores, which are coarser: right answers and wrong ones. */
    private static final double NEWEST_SCORES = 1.0 / 64;

    /** So few samples say nothing yet of which one is better. */
    private static final int FEW = 8;

    private final ErrorBudget budget;
    private final ContenderTests tests;
    private final double[] quality;
    /** The mean quality of each less that of the leader, over the newest samples. */
    private final double[] ahead;
    /** The mean score of each less that of the leader, over the newest samples. */
    private final double[] aheadInScore;

    private int place = NONE;

    private StandIn(ErrorBudget budget, ContenderTests tests) {
        this.budget = budget;
        this.tests = tests;
        this.quality = new double[tests.size()];
        this.ahead = new double[tests.size()];
        this.aheadInScore = new double[tests.size()];
    }

    /** Creates an instance for so many contenders, of which none stands in. */
    static StandIn none(PromotionConfig config, int contenders) {
        return new StandIn(
                new ErrorBudget(config.errorShare()), ContenderTests.begin(config.smallestEffect(), contenders));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names the names of the contenders
     */
    static StandIn read(List<String> names, PromotionConfig config, SectionReader section) {
        StandIn read = new StandIn(
                ErrorBudget.read(config.errorShare(), section.section("budget")),
                ContenderTests.read(names, config.smallestEffect(), section));
        read.place = section.value("place", Integer::valueOf);
        System.arraycopy(section.doubles("quality", names.size()), 0, read.quality, 0, names.size());
        System.arraycopy(section.doubles("ahead", names.size()), 0, read.ahead, 0, names.size());
        System.arraycopy(section.doubles("ahead-in-score", names.size()), 0, read.aheadInScore, 0, names.size());
        return read;
    }

    void write(List<String> names, SectionWriter section) {
        budget.write(section.section("budget"));
        section.value("place", place);
        section.doubles("quality", quality);
        section.doubles("ahead", ahead);
        section.doubles("ahead-in-score", aheadInScore);
        tests.write(names, section);
    }

    /** Begins to compare again, as when another one leads by labels alone. */
    void restart() {
        tests.restart();
        Arrays.fill(ahead, 0);
        Arrays.fill(aheadInScore, 0);
    }

    /** Returns the place of the contender that stands in; {@link #NONE} when none does. */
    int place() {
        return place;
    }

    /** Returns the mean quality of a contender on the newest samples. */
    double quality(int contender) {
        return quality[contender];
    }

    /** Scores a contender and the leader by labels alone on the same samples. */
    void compare(int contender, List<Answer> answers, List<Answer> byLeader, List<Target> expected) {
        SequentialTest test = tests.get(contender);
        for (int i = 0; i < answers.size(); i++) {
            double own = answers.get(i).quality(expected.get(i));
            double others = byLeader.get(i).quality(expected.get(i));
            test.add(own, others);
            double step = Math.max(NEWEST, 1.0 / test.samples());
            quality[contender] += (own - quality[contender]) * step;
            ahead[contender] += (own - others - ahead[contender]) * step;
            double score =
                    answers.get(i).score(expected.get(i)) - byLeader.get(i).score(expected.get(i));
            aheadInScore[contender] +=
                    (score - aheadInScore[contender]) * Math.max(NEWEST_SCORES, 1.0 / test.samples());
        }
    }

    /** Decides by what was compared. */
    void decide() {
        if (place != NONE && tests.get(place).samples() >= FEW && !isAhead(place)) {
            begin(NONE, false);
        }
        int best = best();
        if (place == NONE && best != NONE) {
            begin(best, true);
        }
    }

    private boolean isAhead(int contender) {
        return ahead[contender] > 0 && aheadInScore[contender] > 0;
    }

    /** Returns the contender with the most evidence of being better than the leader; none when the evidence does not suffice. */
    private int best() {
        int best = NONE;
        double most = budget.required(tests.size());
        for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).evidence() >= most && isAhead(i)) {
                best = i;
                most = tests.get(i).evidence();
            }
        }
        return best;
    }

    /** Lets a contender stand in, or none, for another reason than that it was better. */
    void replace(int contender) {
        if (contender != place) {
            begin(contender, false);
        }
    }

    private void begin(int contender, boolean decided) {
        place = contender;
        budget.endRound(decided);
        if (contender == NONE) {
            restart();
        }
    }
}
