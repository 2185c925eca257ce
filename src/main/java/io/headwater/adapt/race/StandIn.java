package io.headwater.adapt.race;

import io.headwater.adapt.judge.ErrorBudget;
import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.PromotionConfig;
import io.headwater.task.Answer;
import io.headwater.task.Target;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which of the contenders that use samples without a label stands in for the leader of those that learn from labels alone, if
 * any does. These are compared with each other as if there were no samples without a label, so that a lane is never worse than
 * without these by more than it takes to see it:
 *
 * <ul>
 *   <li>As long as the lane has no label, one stands in if the features of its samples differ visibly from those of its source.
 *   <li>One takes the place by the evidence of a sequential test on samples with labels.
 *   <li>It goes as soon as it was not {@linkplain Lead visibly} better than the leader on the newest of them, in its probabilities and
 *       in its answers.
 * </ul>
 *
 * <p>Contenders are known by their places among those that use samples without a label. Not thread-safe.
 */
final class StandIn {
    /** The place of none. */
    static final int NONE = -1;

    /** The weight of a new sample in means of qualities over the newest ones. */
    private static final double NEWEST = 1.0 / 32;

    /** So few samples say nothing yet of which one is better. */
    private static final int FEW = 8;

    private static final String QUALITY = "lead-in-quality";
    private static final String SCORE = "lead-in-score";

    private final ErrorBudget budget;
    private final ContenderTests tests;
    private final double[] quality;
    /** The leads of each over the leader. */
    private final List<Leads> leads;

    private int place = NONE;

    /** By how much a contender was better in its probabilities, and in its answers. */
    private record Leads(Lead quality, Lead score) {
        /** Returns whether the first one is visible, and the second one not contrary to it or nothing: answers are coarser. */
        boolean areVisible() {
            return quality.isVisible() && score.mean() > 0;
        }
    }

    private StandIn(ErrorBudget budget, ContenderTests tests, List<Leads> leads) {
        this.budget = budget;
        this.tests = tests;
        this.quality = new double[tests.size()];
        this.leads = leads;
    }

    /** Creates an instance for so many contenders, of which none stands in. */
    static StandIn none(PromotionConfig config, int contenders) {
        return new StandIn(
                new ErrorBudget(config.errorShare()),
                ContenderTests.begin(config.smallestEffect(), contenders),
                Stream.generate(() -> new Leads(new Lead(), new Lead()))
                        .limit(contenders)
                        .toList());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names the names of the contenders
     */
    static StandIn read(List<String> names, PromotionConfig config, SectionReader section) {
        StandIn read = new StandIn(
                ErrorBudget.read(config.errorShare(), section.section("budget")),
                ContenderTests.read(names, config.smallestEffect(), section),
                names.stream()
                        .map(name -> new Leads(
                                Lead.read(name, section.section(QUALITY)), Lead.read(name, section.section(SCORE))))
                        .toList());
        read.place = section.value("place", Integer::valueOf);
        System.arraycopy(section.doubles("quality", names.size()), 0, read.quality, 0, names.size());
        return read;
    }

    void write(List<String> names, SectionWriter section) {
        budget.write(section.section("budget"));
        section.value("place", place);
        section.doubles("quality", quality);
        for (int i = 0; i < names.size(); i++) {
            leads.get(i).quality().write(names.get(i), section.section(QUALITY));
            leads.get(i).score().write(names.get(i), section.section(SCORE));
        }
        tests.write(names, section);
    }

    /** Begins to compare again, as when another one leads by labels alone. */
    void restart() {
        tests.restart();
        leads.forEach(one -> {
            one.quality().clear();
            one.score().clear();
        });
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
            quality[contender] += (own - quality[contender]) * Math.max(NEWEST, 1.0 / test.samples());
            leads.get(contender).quality().add(own - others);
            leads.get(contender)
                    .score()
                    .add(answers.get(i).score(expected.get(i)) - byLeader.get(i).score(expected.get(i)));
        }
    }

    /** Decides by what was compared. */
    void decide() {
        if (place != NONE
                && tests.get(place).samples() >= FEW
                && !leads.get(place).areVisible()) {
            begin(NONE, false);
        }
        int best = best();
        if (place == NONE && best != NONE) {
            begin(best, true);
        }
    }

    /** Returns the contender with the most evidence of being better than the leader; none when the evidence does not suffice. */
    private int best() {
        int best = NONE;
        double most = budget.required(tests.size());
        for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).evidence() >= most && leads.get(i).areVisible()) {
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
