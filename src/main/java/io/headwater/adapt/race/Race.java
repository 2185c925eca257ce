package io.headwater.adapt.race;

import io.headwater.adapt.drift.ChangePoint;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The race between the contenders of a lane. Each predicts every sample before it learns from it. One leads, and its
 * newest weights are those of the next version; another takes the lead when it is better by the evidence of a sequential
 * test, and not worse on the guard set. Contenders that use samples without a label never take the lead of those that learn
 * from labels alone, but one may {@linkplain StandIn stand in} for the leader. Not thread-safe.
 */
public final class Race {
    /** The name of the section of the contenders and their windows. */
    static final String FIELD = "field";

    private static final String UNLABELLED = "unlabelled";
    private static final String STAND_IN = "stand-in";

    private final AdaptationConfig config;
    private final Goal goal;
    private final Field field;
    private final Guard guard;
    /** Which of the contenders leads that learn from labels alone. */
    private final Leadership leadership;

    private final StandIn standIn;

    /** Null when samples without a label are not used. */
    private final @Nullable UnlabelledSamples unlabelled;

    private Race(
            AdaptationConfig config,
            Goal goal,
            Field field,
            Guard guard,
            Leadership leadership,
            StandIn standIn,
            @Nullable UnlabelledSamples unlabelled) {
        this.config = config;
        this.goal = goal;
        this.field = field;
        this.guard = guard;
        this.leadership = leadership;
        this.standIn = standIn;
        this.unlabelled = unlabelled;
    }

    /**
     * Creates a race whose contenders have learned nothing.
     *
     * @param goal a goal with a {@linkplain Goal#linearTarget linear target}
     * @param width number of features of a row
     */
    public static Race untrained(AdaptationConfig config, Goal goal, int width) {
        Field field = Field.untrained(kind(goal), width, terms(config, goal));
        return new Race(
                config,
                goal,
                field,
                Guard.empty(goal, config.guard().samples()),
                Leadership.of(0, FamilyMember.family(kind(goal)).size(), config.promotion()),
                standIn(config, goal),
                unlabelled(config, width));
    }

    private static StandIn standIn(AdaptationConfig config, Goal goal) {
        return StandIn.none(config.promotion(), unlabelledNames(config, goal).size());
    }

    private static List<String> unlabelledNames(AdaptationConfig config, Goal goal) {
        return FamilyMember.unlabelledNames(kind(goal), config.training().unlabelled());
    }

    private static @Nullable UnlabelledSamples unlabelled(AdaptationConfig config, int width) {
        UnlabelledUse use = config.training().unlabelled();
        return use == UnlabelledUse.IGNORE ? null : UnlabelledSamples.none(use, width);
    }

    /**
     * Reads the race that {@link #write} wrote.
     *
     * @param outputs number of outputs of the lane
     */
    public static Race read(AdaptationConfig config, Goal goal, int width, SectionReader section, int outputs) {
        Field field = Field.read(kind(goal), width, terms(config, goal), section.section(FIELD), outputs);
        UnlabelledUse use = config.training().unlabelled();
        boolean wereUsed = section.hasSection(UNLABELLED);
        UnlabelledUse former = wereUsed ? UnlabelledSamples.wasUsed(section.section(UNLABELLED)) : UnlabelledUse.IGNORE;
        List<String> names =
                FamilyMember.family(kind(goal)).stream().map(FamilyMember::name).toList();
        return new Race(
                config,
                goal,
                field,
                Guard.read(goal, config.guard().samples(), section.section("guard"), outputs),
                Leadership.read(names, config.promotion(), section.section("leadership")),
                use == former && section.hasSection(STAND_IN)
                        ? StandIn.read(unlabelledNames(config, goal), config.promotion(), section.section(STAND_IN))
                        : standIn(config, goal),
                wereUsed && use != UnlabelledUse.IGNORE
                        ? UnlabelledSamples.read(use, width, section.section(UNLABELLED))
                        : unlabelled(config, width));
    }

    /** Writes the whole state. */
    public void write(SectionWriter section) {
        field.write(section.section(FIELD));
        guard.write(section.section("guard"));
        leadership.write(field.names().subList(0, unlabelledFrom()), section.section("leadership"));
        if (unlabelled != null) {
            standIn.write(field.names().subList(unlabelledFrom(), field.names().size()), section.section(STAND_IN));
            unlabelled.write(section.section(UNLABELLED));
        }
    }

    private static Terms terms(AdaptationConfig config, Goal goal) {
        return Terms.of(config, FamilyMember.family(kind(goal)).size());
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
        int leader = leadership.leader();
        Leadership start = Leadership.of(field.isOfAll(leader) ? leader : 0, unlabelledFrom(), config.promotion());
        return new Race(
                config,
                goal,
                field.asStart(),
                guard.asStart(),
                start,
                standIn(config, goal),
                unlabelled(config, field.width()));
    }

    /** Returns the index of the first contender that uses samples without a label, which are the last ones. */
    private int unlabelledFrom() {
        return FamilyMember.family(kind(goal)).size();
    }

    private int leaderIndex() {
        return isLedByUnlabelled() ? unlabelledFrom() + standIn.place() : leadership.leader();
    }

    private ClosedContender leading() {
        return field.contenders().get(leaderIndex());
    }

    private ClosedContender leadingByLabels() {
        return field.contenders().get(leadership.leader());
    }

    /** Returns the name of the leading contender. */
    public String leader() {
        return leading().name();
    }

    /** Returns the predictions of the leading contender; empty when it has not learned anything yet. */
    public List<Answer> predictions(LaneMemory memory, float[][] features) {
        return predicts(leading(), memory) ? predictions(leading(), memory, features) : List.of();
    }

    private static boolean predicts(ClosedContender contender, LaneMemory memory) {
        return contender.hasWeights() && memory.isAnyVisible(contender.outputs());
    }

    /** Decodes the logits of a contender, which may not know the newest names yet. */
    private List<Answer> predictions(ClosedContender contender, LaneMemory memory, float[][] features) {
        LinearWeights weights = contender.comparableWeights();
        if (contender.usesUnlabelled() && leadingByLabels().hasWeights()) {
            weights = mixed(weights, leadingByLabels().comparableWeights(), memory);
        }
        return memory.answers(ClosedContender.logits(weights, features), weights.outputs());
    }

    /** Returns the mean of what follows from samples without a label and what labels alone lead to. */
    private LinearWeights mixed(LinearWeights own, LinearWeights byLabels, LaneMemory memory) {
        int outputs = Math.max(own.outputs(), byLabels.outputs());
        double share = unlabelled == null ? 0 : unlabelled.share(DomainSamples.own(field, memory));
        return LinearWeights.sum(List.of(own.grown(outputs), byLabels.grown(outputs)), new double[] {share, 1 - share});
    }

    /**
     * Compares the contenders on samples that they have not learned from.
     *
     * @param memory memory of the lane, which knows the outputs
     * @param features features of the samples
     * @param expected targets of the samples
     */
    public void observe(LaneMemory memory, float[][] features, List<Target> expected) {
        if (!predicts(leadingByLabels(), memory)) {
            return;
        }
        List<Answer> byLeader = predictions(leadingByLabels(), memory, features);
        for (int i = 0; i < field.contenders().size(); i++) {
            ClosedContender contender = field.contenders().get(i);
            if (predicts(contender, memory)) {
                List<Answer> answers = i == leadership.leader() ? byLeader : predictions(contender, memory, features);
                if (field.usesUnlabelled(i)) {
                    standIn.compare(i - unlabelledFrom(), answers, byLeader, expected);
                } else {
                    leadership.compare(i, answers, byLeader, expected);
                }
            }
        }
    }

    /**
     * Lets all contenders learn, after {@link #observe}, and decides which of them leads.
     *
     * @param samples the samples that were observed
     * @param memory memory of the lane, which does not have the samples yet
     * @param points where the stream has changed, as these samples show
     */
    public void learn(List<StoredSample> samples, LaneMemory memory, List<ChangePoint> points) {
        List<StoredSample> remembered = new ArrayList<>(memory.remembered());
        remembered.addAll(samples);
        int outputs = memory.names().size();
        field.learn(samples, remembered, outputs);
        samples.forEach(guard.set()::add);
        points.forEach(point -> field.change(point, leadership.leader(), remembered, outputs));
        int before = leadership.leader();
        decide(memory, remembered);
        if (leadership.leader() != before) {
            standIn.restart();
        }
        if (unlabelled != null) {
            standIn.decide();
        }
    }

    private void decide(LaneMemory memory, List<StoredSample> remembered) {
        if (!guard.isAwake(memory.samples())) {
            return;
        }
        OptionalInt challenger = leadership.challenger();
        if (challenger.isEmpty()) {
            guard.accept();
            audit(memory, remembered);
        } else if (guard.isForgetful(challenger.getAsInt(), leadership.leader(), field, memory, remembered)) {
            int refused = challenger.getAsInt();
            guard.refuse(field.names().get(refused), leadership.difference(refused), memory.samples());
        } else {
            guard.accept();
            lead(challenger.getAsInt(), memory, remembered);
        }
    }

    private void lead(int contender, LaneMemory memory, List<StoredSample> remembered) {
        if (field.isSinceChange(contender)) {
            leadership.decide(field.adopt(contender, remembered, memory.names().size()));
            guard.set().removeBefore(field.from());
        } else {
            leadership.decide(contender);
        }
    }

    /** Lets the first contender lead again when the leading one has forgotten the guard set as its window moved on. */
    private void audit(LaneMemory memory, List<StoredSample> remembered) {
        if (!field.isOfAll(leadership.leader())) {
            guard.sleep(memory.samples());
            if (guard.isForgetful(leadership.leader(), 0, field, memory, remembered)) {
                leadership.decide(0);
            }
        }
    }

    /**
     * Takes samples whose labels were wrong out of all sums, exactly; {@link #learn} computes weights from these when they are
     * due, as after any step. Weights from before a change keep what they have learned.
     *
     * @param samples the samples, each with its number
     */
    public void unlearn(List<StoredSample> samples) {
        field.unlearn(samples);
        samples.forEach(sample -> guard.set().remove(sample.number()));
    }

    /**
     * Forgets a sample that was learned from: all sums and weights are then as if it had never been there. The weights from
     * before a change are dropped in any case.
     *
     * @param sample the sample, whose number is 0 when the memory does not contain it
     * @return whether that was possible
     */
    public boolean forget(StoredSample sample, LaneMemory memory) {
        StoredSample found = sample.number() > 0 ? sample : numbered(sample);
        boolean known = field.knows(found);
        if (known) {
            field.forget(found, memory.remembered(), memory.names().size());
        } else {
            field.dropFormer();
        }
        replaceIfGone();
        if (found.number() > 0) {
            guard.set().remove(found.number());
        }
        return known;
    }

    /** Makes the samples of one class samples of another one, as if they had been of this class from the beginning. */
    public void relabel(Relabelling relabelling, LaneMemory memory) {
        field.relabel(relabelling, memory.remembered(), memory.names().size());
        guard.relabel(relabelling);
        if (unlabelled != null) {
            replaceIfGone();
        }
    }

    /** Lets the first contender lead when the weights of the leading one are gone, because they cannot forget a sample. */
    private void replaceIfGone() {
        if (!leading().hasWeights()) {
            standIn.replace(StandIn.NONE);
        }
        if (!leadingByLabels().hasWeights()) {
            leadership.replace(0);
        }
    }

    /** Returns whether samples without a label are used. */
    public boolean usesUnlabelled() {
        return unlabelled != null;
    }

    /** Adds the features of a sample without a label, if such samples are used. They count from the next version on. */
    public void observeUnlabelled(float[] features) {
        if (unlabelled != null) {
            unlabelled.add(features);
        }
    }

    /** Forgets a sample without a label that was observed. */
    public void forgetUnlabelled(float[] features) {
        if (unlabelled != null) {
            unlabelled.remove(features);
            field.dropUnlabelled();
            replaceIfGone();
        }
    }

    /**
     * Computes what follows from samples without a label. As long as the lane has no sample with a label, by which the
     * contenders could be compared, the last of those that use them stands in, if they differ visibly from those of the source.
     */
    private void useUnlabelled(LaneMemory memory) {
        if (unlabelled == null) {
            return;
        }
        unlabelled.solve(field, memory);
        int last = field.contenders().size() - 1;
        if (memory.samples() == 0 && field.contenders().get(last).hasWeights()) {
            standIn.replace(unlabelled.isShifted() ? last - unlabelledFrom() : StandIn.NONE);
        }
    }

    /** Returns whether a contender that uses samples without a label stands in for the leader. */
    public boolean isLedByUnlabelled() {
        return standIn.place() != StandIn.NONE;
    }

    /**
     * Takes samples out of all sums and weights, exactly.
     *
     * @param samples the samples, each with the number 0 when the memory does not contain it
     * @return how many could not be taken out, because it is not known whether the lane still contains them
     */
    public int takeOut(List<StoredSample> samples, LaneMemory memory) {
        List<StoredSample> known = new ArrayList<>();
        for (StoredSample sample : samples) {
            StoredSample found = sample.number() > 0 ? sample : numbered(sample);
            if (field.knows(found)) {
                known.add(found);
            }
            if (found.number() > 0) {
                guard.set().remove(found.number());
            }
        }
        field.takeOut(known, memory.remembered(), memory.names().size());
        replaceIfGone();
        return samples.size() - known.size();
    }

    /** Returns the samples that the contenders of all samples have learned from. */
    public AllSamples allSamples() {
        return field.allSamples();
    }

    /**
     * Adds samples of another lane to those of the contenders of all samples. One of these leads then, because no other
     * contender has learned from these samples.
     *
     * @param rows sums of the samples, with the outputs of this lane
     * @param less sums of those of them that it has learned from already; empty when there are none
     */
    public void merge(Moments rows, Moments less, LaneMemory memory) {
        field.merge(rows, less, memory.remembered(), memory.names().size());
        if (!field.isOfAll(leadership.leader())) {
            leadership.replace(0);
        }
    }

    /** Returns the sample with its number, if it is among the newest samples or in the guard set. */
    private StoredSample numbered(StoredSample sample) {
        return Stream.concat(field.newest().stream(), guard.set().all().stream())
                .filter(one -> one.number() > 0 && one.hasContentOf(sample))
                .findFirst()
                .orElse(sample);
    }

    /**
     * Returns the parameters of the leading contender's head, computed from all samples so far where its account covers
     * that; zeros when it has learned from none, or all are forgotten.
     */
    public Map<String, Tensor.F32> parameters(LaneMemory memory) {
        int outputs = memory.names().size();
        // What labels alone lead to does not depend on who stands in.
        leadingByLabels().finish(memory.remembered(), outputs);
        useUnlabelled(memory);
        leading().finish(memory.remembered(), outputs);
        LinearWeights byLabels = leadingByLabels().calibratedWeights();
        LinearWeights weights = leading().calibratedWeights();
        if (isLedByUnlabelled() && weights != null && byLabels != null) {
            weights = mixed(weights, byLabels, memory);
        }
        return (weights == null ? LinearWeights.zero(field.width(), outputs) : weights).parameters();
    }

    /**
     * Returns the newest weights of the contenders that learn from labels and do not lead, with calibrated logits for all outputs. They
     * are computed when their samples have grown by a quarter, and not for this. Those from before a change are left out, which
     * know that they are wrong.
     */
    public List<LinearWeights> others(LaneMemory memory) {
        List<LinearWeights> others = new ArrayList<>();
        for (int i = 0; i < unlabelledFrom(); i++) {
            LinearWeights weights = field.contenders().get(i).calibratedWeights();
            if (i != leaderIndex() && !field.isFormer(i) && weights != null) {
                others.add(weights.grown(memory.names().size()));
            }
        }
        return others;
    }

    /** Returns what speaks for the newest weights. */
    public String standing() {
        if (unlabelled != null && isLedByUnlabelled() && quality(leaderIndex()) == 0) {
            return "contender '%s' leads, by %d samples without a label; there is none with a label yet to compare contenders on"
                    .formatted(leader(), unlabelled.count());
        }
        return String.format(
                Locale.ROOT,
                "contender '%s' leads with a quality of %.1f %% on the newest samples",
                leader(),
                100 * quality(leaderIndex()));
    }

    private double quality(int contender) {
        return field.usesUnlabelled(contender)
                ? standIn.quality(contender - unlabelledFrom())
                : leadership.quality(contender);
    }

    /** Returns what a person should know about refused contenders since the last call. */
    public List<Notice> takeNotices() {
        return guard.takeNotices();
    }

    /** Returns the mean quality of each contender on the newest samples, by name; those that have learned nothing are left out. */
    public SortedMap<String, Double> qualities() {
        SortedMap<String, Double> qualities = new TreeMap<>();
        for (int i = 0; i < field.contenders().size(); i++) {
            if (field.contenders().get(i).hasWeights()) {
                qualities.put(field.contenders().get(i).name(), quality(i));
            }
        }
        return qualities;
    }
}
