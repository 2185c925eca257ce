package io.headwater.adapt.race;

import io.headwater.adapt.judge.ErrorBudget;
import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The race between the contenders of a lane. Each predicts every sample before it learns from it. One leads, and its
 * newest weights are those of the next version; another takes the lead when it is better by the evidence of a sequential
 * test, and not worse on the guard set. Not thread-safe.
 */
public final class Race {
    /** Number of samples after a veto before the guard set is asked again. */
    private static final long VETO_SAMPLES = 64;

    /** What the newest samples of the guard set count for after a change was detected, where older ones count for 1. */
    private static final double AFTER_CHANGE = 2;

    /** Weight of a new sample in the mean quality that is reported. */
    private static final double NEWEST = 1.0 / 256;

    private final AdaptationConfig config;
    private final Goal goal;
    private final Field field;
    private final GuardSet guard;
    private final ErrorBudget budget;
    private final ChangeWatch watch;
    private final List<SequentialTest> tests = new ArrayList<>();
    private final double[] quality;
    private int leader;
    private long vetoedUntil;
    private final List<Change> changes = new ArrayList<>();
    private boolean changed;

    private Race(
            AdaptationConfig config, Goal goal, Field field, GuardSet guard, ErrorBudget budget, ChangeWatch watch) {
        this.config = config;
        this.goal = goal;
        this.field = field;
        this.guard = guard;
        this.budget = budget;
        this.watch = watch;
        this.quality = new double[field.contenders().size()];
    }

    /**
     * Creates a race whose contenders have learned nothing.
     *
     * @param goal a goal with a {@linkplain Goal#linearTarget linear target}
     * @param width number of features of a row
     */
    public static Race untrained(AdaptationConfig config, Goal goal, int width) {
        Race race = new Race(
                config,
                goal,
                Field.untrained(kind(goal), width),
                GuardSet.empty(config.anchor().samples()),
                new ErrorBudget(config.promotion().errorShare()),
                ChangeWatch.create());
        race.startTests();
        return race;
    }

    /**
     * Reads the race that {@link #write} wrote.
     *
     * @param outputs number of outputs of the lane
     */
    public static Race read(AdaptationConfig config, Goal goal, int width, SectionReader section, int outputs) {
        Race race = new Race(
                config,
                goal,
                Field.read(kind(goal), width, section.section("field"), outputs),
                GuardSet.read(config.anchor().samples(), section.section("guard"), outputs),
                ErrorBudget.read(config.promotion().errorShare(), section.section("budget")),
                ChangeWatch.read(section.section("watch")));
        race.leader = section.value("leader", Integer::valueOf);
        race.vetoedUntil = section.value("vetoedUntil", Long::valueOf);
        double[] quality = section.doubles("quality", race.quality.length);
        System.arraycopy(quality, 0, race.quality, 0, quality.length);
        for (ClosedContender one : race.field.contenders()) {
            race.tests.add(SequentialTest.read(
                    config.promotion().smallestEffect(),
                    section.section("tests").section(one.name())));
        }
        return race;
    }

    /** Writes the whole state. */
    public void write(SectionWriter section) {
        field.write(section.section("field"));
        guard.write(section.section("guard"));
        budget.write(section.section("budget"));
        watch.write(section.section("watch"));
        section.value("leader", leader);
        section.value("vetoedUntil", vetoedUntil);
        section.doubles("quality", quality);
        for (int i = 0; i < tests.size(); i++) {
            tests.get(i)
                    .write(section.section("tests")
                            .section(field.contenders().get(i).name()));
        }
    }

    private static LinearTarget kind(Goal goal) {
        return goal.linearTarget()
                .orElseThrow(() -> new IllegalArgumentException("a race needs a goal with a linear target"));
    }

    /**
     * Returns the race with which another lane starts from this one: it keeps what the contenders have learned, and
     * contenders that learn from the samples of the new lane alone join them. The guard set remains that of this lane.
     */
    public Race asStart() {
        Race start = new Race(
                config,
                goal,
                field.asStart(),
                guard.asStart(),
                new ErrorBudget(config.promotion().errorShare()),
                ChangeWatch.create());
        start.leader = field.isOfAll(leader) ? leader : 0;
        start.startTests();
        return start;
    }

    private void startTests() {
        tests.clear();
        field.contenders()
                .forEach(one -> tests.add(new SequentialTest(config.promotion().smallestEffect())));
    }

    private ClosedContender leading() {
        return field.contenders().get(leader);
    }

    /** Returns the name of the leading contender. */
    public String leader() {
        return leading().name();
    }

    /** Returns the predictions of the leading contender; empty when it has not learned anything yet. */
    public List<Answer> predictions(List<String> names, float[][] features) {
        return leading().hasWeights() ? predictions(leading(), names, features) : List.of();
    }

    /** Decodes the logits of a contender, which may not know the newest names yet. */
    private List<Answer> predictions(ClosedContender contender, List<String> names, float[][] features) {
        return goal.decode(names.subList(0, contender.outputs()), contender.logits(features));
    }

    /**
     * Compares the contenders on samples that they have not learned from.
     *
     * @param names names of the outputs that are known so far
     * @param features features of the samples
     * @param expected targets of the samples
     * @param serving predictions of the serving version; empty when there is none
     */
    public void observe(List<String> names, float[][] features, List<Target> expected, List<Answer> serving) {
        if (!leading().hasWeights()) {
            return;
        }
        List<Answer> byLeader = predictions(names, features);
        for (int i = 0; i < tests.size(); i++) {
            ClosedContender contender = field.contenders().get(i);
            if (contender.hasWeights()) {
                List<Answer> answers = i == leader ? byLeader : predictions(contender, names, features);
                compare(i, answers, byLeader, expected);
            }
        }
        for (int i = 0; i < serving.size(); i++) {
            int stratum = stratum(names, expected.get(i));
            if (stratum >= 0) {
                watch.observe(
                                serving.get(i).score(expected.get(i)),
                                byLeader.get(i).score(expected.get(i)),
                                stratum)
                        .ifPresent(this::note);
            }
        }
    }

    private void note(Change change) {
        changes.add(change);
        changed = true;
    }

    /** Returns the stratum of a sample; -1 when its class is new. */
    private int stratum(List<String> names, Target expected) {
        float[] code = expected.code(names::indexOf);
        boolean isNew = code.length == 1 && code[0] < 0 && kind(goal) != LinearTarget.NUMBERS;
        return isNew ? -1 : goal.stratum(code);
    }

    private void compare(int contender, List<Answer> answers, List<Answer> byLeader, List<Target> expected) {
        for (int i = 0; i < answers.size(); i++) {
            double own = answers.get(i).quality(expected.get(i));
            quality[contender] += (own - quality[contender])
                    * Math.max(NEWEST, 1.0 / (tests.get(contender).samples() + 1));
            tests.get(contender).add(own, byLeader.get(i).quality(expected.get(i)));
        }
    }

    /**
     * Lets all contenders learn, after {@link #observe}, and decides which of them leads.
     *
     * @param samples the samples that were observed
     * @param memory memory of the lane, which does not have the samples yet
     */
    public void learn(List<StoredSample> samples, LaneMemory memory) {
        List<StoredSample> remembered = new ArrayList<>(memory.remembered());
        remembered.addAll(samples);
        int outputs = memory.names().size();
        field.learn(samples, remembered, outputs);
        samples.forEach(guard::add);
        if (changed) {
            changed = false;
            field.change(leader, Field.SINCE_CHANGE, remembered, outputs);
        }
        decide(memory, remembered);
    }

    private void decide(LaneMemory memory, List<StoredSample> remembered) {
        double required = budget.required(tests.size());
        watch.resumes(required);
        int best = leader;
        for (int i = 0; i < tests.size(); i++) {
            if (i != leader && tests.get(i).evidence() > tests.get(best).evidence()) {
                best = i;
            }
        }
        if (best == leader || tests.get(best).evidence() < required || memory.samples() < vetoedUntil) {
            audit(memory, remembered);
            return;
        }
        if (isForgetful(best, leader, memory, remembered)) {
            vetoedUntil = memory.samples() + VETO_SAMPLES;
            return;
        }
        lead(best, memory, remembered);
    }

    private void lead(int contender, LaneMemory memory, List<StoredSample> remembered) {
        leader = field.isSinceChange(contender) ? begin(contender, memory, remembered) : contender;
        budget.endRound(true);
        startTests();
    }

    private int begin(int contender, LaneMemory memory, List<StoredSample> remembered) {
        int place = field.adopt(contender, remembered, memory.names().size());
        guard.removeBefore(field.from());
        return place;
    }

    /** Lets the first contender lead again when the leading one has forgotten the guard set as its window moved on. */
    private void audit(LaneMemory memory, List<StoredSample> remembered) {
        if (!field.isOfAll(leader) && memory.samples() >= vetoedUntil) {
            vetoedUntil = memory.samples() + VETO_SAMPLES;
            if (isForgetful(leader, 0, memory, remembered)) {
                lead(0, memory, remembered);
            }
        }
    }

    /**
     * Returns whether a contender is worse than another one on the guard set, by more than one standard error: a loss that
     * is only likely is enough to stay with what is known.
     */
    private boolean isForgetful(int contender, int other, LaneMemory memory, List<StoredSample> remembered) {
        List<StoredSample> samples = guard.all();
        List<String> names = memory.names();
        List<Answer> own = withoutGuard(contender, samples, memory, remembered);
        List<Answer> others = withoutGuard(other, samples, memory, remembered);
        double newer = field.isSinceChange(contender) || field.isFormer(contender) ? AFTER_CHANGE : 1;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < samples.size(); i++) {
            Target expected = Target.decode(samples.get(i).code(), goal.numbers(), names);
            double difference = (own.get(i).quality(expected) - others.get(i).quality(expected))
                    * guard.weight(samples.get(i))
                    * (guard.isNew(samples.get(i)) ? newer : 1);
            sum += difference;
            squares += difference * difference;
        }
        // The standard error of a sum, below which a loss may be chance.
        return sum < -Math.sqrt(squares);
    }

    private List<Answer> withoutGuard(
            int contender, List<StoredSample> samples, LaneMemory memory, List<StoredSample> remembered) {
        int outputs = memory.names().size();
        return goal.decode(
                memory.names(), field.contenders().get(contender).logitsWithout(samples, remembered, outputs));
    }

    /**
     * Forgets a sample that was learned from: all sums and weights are then as if it had never been there.
     *
     * @param sample the sample, whose number is 0 when the memory does not contain it
     * @return whether that was possible
     */
    public boolean forget(StoredSample sample, LaneMemory memory) {
        StoredSample found = sample.number() > 0 ? sample : numbered(sample);
        boolean known = field.knows(found);
        if (known) {
            field.forget(found, memory.remembered(), memory.names().size());
        }
        if (!leading().hasWeights()) {
            // The weights from before a change cannot forget a sample, so that they are gone.
            leader = 0;
            budget.endRound(false);
            startTests();
        }
        if (found.number() > 0) {
            guard.remove(found.number());
        }
        return known;
    }

    /** Returns the sample with its number, if it is among the newest samples or in the guard set. */
    private StoredSample numbered(StoredSample sample) {
        return Stream.concat(field.newest().stream(), guard.all().stream())
                .filter(one -> one.number() > 0 && one.hasContentOf(sample))
                .findFirst()
                .orElse(sample);
    }

    /**
     * Returns the parameters of the leading contender's head, computed from all samples so far; zeros when it has learned
     * from none, or all are forgotten.
     */
    public Map<String, Tensor.F32> parameters(LaneMemory memory) {
        int outputs = memory.names().size();
        leading().finish(memory.remembered(), outputs);
        return leading().hasWeights()
                ? leading().parameters()
                : LinearLogits.zero(leading().window().moments().width(), outputs)
                        .parameters();
    }

    /** Returns whether the newest weights may serve. */
    public Standing standing() {
        if (watch.suspended()) {
            return new Standing(false, watch.reason(goal.scoreName()));
        }
        return new Standing(
                true,
                String.format(
                        Locale.ROOT,
                        "contender '%s' leads with a quality of %.1f %% on the newest samples",
                        leader(),
                        100 * quality[leader]));
    }

    /** Returns the changes that were detected since the last call. */
    public List<Change> takeChanges() {
        List<Change> taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    /** Lets newest weights serve only once they have proved to be better than the version that serves. */
    public void suspend() {
        watch.suspend();
    }

    /** Returns the mean quality of each contender on the newest samples, by name; those that have learned nothing are left out. */
    public SortedMap<String, Double> qualities() {
        SortedMap<String, Double> qualities = new TreeMap<>();
        for (int i = 0; i < quality.length; i++) {
            if (field.contenders().get(i).hasWeights()) {
                qualities.put(field.contenders().get(i).name(), quality[i]);
            }
        }
        return qualities;
    }
}
