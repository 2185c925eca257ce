package io.headwater.adapt.race;

import io.headwater.adapt.judge.ErrorBudget;
import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.PromotionConfig;
import io.headwater.task.Answer;
import io.headwater.task.Target;
import java.util.List;
import java.util.OptionalInt;

/** Which of several contenders leads, and the tests by which another one may take its place. Not thread-safe. */
final class Leadership {
    /** Weight of a new sample in the mean quality that is reported. */
    private static final double NEWEST = 1.0 / 256;

    private final ErrorBudget budget;
    private final ContenderTests tests;
    private final double[] quality;
    private int leader;

    private Leadership(ErrorBudget budget, ContenderTests tests) {
        this.budget = budget;
        this.tests = tests;
        this.quality = new double[tests.size()];
    }

    /** Lets a contender lead from the start. */
    static Leadership of(int leader, int contenders, PromotionConfig config) {
        Leadership start = new Leadership(
                new ErrorBudget(config.errorShare()), ContenderTests.begin(config.smallestEffect(), contenders));
        start.leader = leader;
        return start;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names the names of the contenders
     */
    static Leadership read(List<String> names, PromotionConfig config, SectionReader section) {
        Leadership read = new Leadership(
                ErrorBudget.read(config.errorShare(), section.section("budget")),
                ContenderTests.read(names, config.smallestEffect(), section));
        read.leader = section.value("leader", Integer::valueOf);
        System.arraycopy(section.doubles("quality", names.size()), 0, read.quality, 0, names.size());
        return read;
    }

    void write(List<String> names, SectionWriter section) {
        budget.write(section.section("budget"));
        section.value("leader", leader);
        section.doubles("quality", quality);
        tests.write(names, section);
    }

    /** Returns the index of the leading contender. */
    int leader() {
        return leader;
    }

    /** Returns the mean quality of a contender on the newest samples. */
    double quality(int contender) {
        return quality[contender];
    }

    /** Returns the mean quality of a contender less that of the leader on the same samples. */
    double difference(int contender) {
        return tests.get(contender).meanDifference();
    }

    /** Scores a contender and the leader on the same samples. */
    void compare(int contender, List<Answer> answers, List<Answer> byLeader, List<Target> expected) {
        SequentialTest test = tests.get(contender);
        for (int i = 0; i < answers.size(); i++) {
            double own = answers.get(i).quality(expected.get(i));
            quality[contender] += (own - quality[contender]) * Math.max(NEWEST, 1.0 / (test.samples() + 1));
            test.add(own, byLeader.get(i).quality(expected.get(i)));
        }
    }

    /** Returns the evidence that a contender needs to take the lead. */
    double required() {
        return budget.required(tests.size());
    }

    /** Returns the contender with the most evidence against the leader; empty when the evidence does not suffice. */
    OptionalInt challenger() {
        int best = leader;
        for (int i = 0; i < tests.size(); i++) {
            if (i != leader && tests.get(i).evidence() > tests.get(best).evidence()) {
                best = i;
            }
        }
        return best == leader || tests.get(best).evidence() < required() ? OptionalInt.empty() : OptionalInt.of(best);
    }

    /** Lets a contender lead because it was better. */
    void decide(int contender) {
        begin(contender, true);
    }

    /** Lets a contender lead for another reason. */
    void replace(int contender) {
        begin(contender, false);
    }

    private void begin(int contender, boolean decided) {
        leader = contender;
        budget.endRound(decided);
        tests.restart();
    }
}
