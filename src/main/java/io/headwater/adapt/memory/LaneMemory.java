package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.SplitMix64;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.IntStream;

/**
 * The memory of a lane, which does not depend on its contenders: the names of its outputs, samples to replay, held-out
 * samples, and the number of samples and steps. The number of a step determines all random numbers of the step. Not
 * thread-safe.
 */
public final class LaneMemory {
    private final AdaptationConfig config;
    private final Goal goal;
    private final OutputNames names;
    private final ReplayBuffer replay;
    private final HeldOutSamples heldOut;
    private final boolean started;
    private LearnedRequests requests = new LearnedRequests();
    private int[] counts;
    private long samples;
    private long steps;

    private LaneMemory(
            AdaptationConfig config,
            Goal goal,
            List<String> names,
            ReplayBuffer replay,
            HeldOutSamples heldOut,
            boolean started) {
        this.config = config;
        this.goal = goal;
        this.names = new OutputNames(names);
        this.replay = replay;
        this.heldOut = heldOut;
        this.started = started;
        this.counts = new int[0];
    }

    /**
     * A sample that was removed from the memory.
     *
     * @param sample the sample, whose number is 0 when the memory did not contain it
     * @param parts the parts of the memory that contained it, for people
     */
    public record RemovedSample(StoredSample sample, List<String> parts) {}

    /** Creates the memory of a lane without samples. */
    public static LaneMemory empty(AdaptationConfig config, Goal goal) {
        return new LaneMemory(
                config,
                goal,
                goal.names(),
                new ReplayBuffer(config.replay().capacity()),
                new HeldOutSamples(config.guard(), List.of(), false),
                false);
    }

    /**
     * Reads the memory that {@link #write} wrote.
     *
     * @param names names of the outputs, in the order of the logits
     */
    public static LaneMemory read(AdaptationConfig config, Goal goal, List<String> names, SectionReader section) {
        boolean started = section.value("started", Boolean::parseBoolean);
        LaneMemory memory = new LaneMemory(
                config,
                goal,
                names,
                ReplayBuffer.read(config.replay().capacity(), section.section("replay"), names.size()),
                HeldOutSamples.read(config.guard(), section.section("held-out"), names.size(), started),
                started);
        memory.counts = section.ints("counts");
        memory.samples = section.value("samples", Long::valueOf);
        memory.steps = section.value("steps", Long::valueOf);
        memory.names.readEdits(section);
        memory.requests = LearnedRequests.read(section);
        return memory;
    }

    /** Writes everything except the names of the outputs. */
    public void write(SectionWriter section) {
        replay.write(section.section("replay"));
        heldOut.write(section.section("held-out"));
        section.ints("counts", Arrays.copyOf(counts, names.size()));
        section.value("samples", samples);
        section.value("steps", steps);
        section.value("started", started);
        names.writeEdits(section);
        requests.write(section);
    }

    /**
     * Returns the memory with which another lane starts from this one.
     *
     * @param keepsSamples whether replay samples and held-out samples are kept; without them, old samples do not slow
     *     down learning from new ones
     */
    public LaneMemory asStart(boolean keepsSamples) {
        LaneMemory start = new LaneMemory(
                config,
                goal,
                names.all(),
                keepsSamples
                        ? replay.ofOtherLane()
                        : new ReplayBuffer(config.replay().capacity()),
                new HeldOutSamples(config.guard(), keepsSamples ? heldOut.all() : List.of(), true),
                true);
        start.names.editAs(names);
        start.counts = keepsSamples ? counts : new int[0];
        start.steps = steps;
        return start;
    }

    /** Registers the outputs that {@code target} names; rejected when there would be more outputs than allowed. */
    public Outcome<Target> admit(Target target) {
        return add(target.symbols(), Reason.BAD_LABEL).then(added -> Outcome.ok(target));
    }

    private Outcome<OutputNames> add(List<String> symbols, Reason reason) {
        List<String> fresh = fresh(symbols);
        int visible = names.visible().size();
        if (!fresh.isEmpty() && visible + fresh.size() > config.limits().classes()) {
            return Outcome.rejected(
                    reason,
                    "label '%s' would be class %d of the lane, and limits.classes allows %d"
                            .formatted(
                                    fresh.get(0), visible + 1, config.limits().classes()));
        }
        int bytes = names.bytes() + fresh.stream().mapToInt(Limits::bytes).sum();
        if (!fresh.isEmpty() && bytes > Limits.ALL_NAMES_BYTES) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label '%s' would make the names of all classes of the lane %d bytes long, and they may have %d together; shorten them"
                            .formatted(fresh.get(0), bytes, Limits.ALL_NAMES_BYTES));
        }
        fresh.forEach(names::add);
        return Outcome.ok(names);
    }

    private List<String> fresh(List<String> symbols) {
        return symbols.stream()
                .filter(symbol -> !symbol.isEmpty() && !names.contains(symbol))
                .distinct()
                .toList();
    }

    /**
     * Appends the outputs of another lane that are not known yet.
     *
     * @return the place of each output of the other lane in this one; refused when there would be more outputs than allowed,
     *     when the configuration lists the outputs and one is not among them, or when the other lane lacks a number
     */
    public Outcome<int[]> append(List<String> others) {
        List<String> fresh = fresh(others);
        if (goal.numbers() > 0 && others.size() < names.size()) {
            return Outcome.rejected(
                    Reason.REFUSED,
                    "the lane predicts the numbers %s, and the other one %s; only lanes of the same numbers can be merged"
                            .formatted(names.all(), others));
        }
        if (!fresh.isEmpty() && !goal.names().isEmpty()) {
            return Outcome.rejected(
                    Reason.REFUSED,
                    "label '%s' is not one of the %d labels that the lane has; add it to 'labels' of a new adaptation"
                            .formatted(fresh.get(0), goal.names().size()));
        }
        return add(others, Reason.REFUSED).then(added -> Outcome.ok(places(others)));
    }

    /** Returns what a label means: itself, or the class that it was merged into. */
    public String meaning(String label) {
        return names.meaning(label);
    }

    /** Returns whether samples of a class are refused. */
    public boolean isRemoved(String label) {
        return names.isRemoved(label);
    }

    /** Returns whether an output belongs to a class that was merged into another one or removed. */
    public boolean isHidden(int output) {
        return names.hasHidden() && names.isHidden(names.all().get(output));
    }

    /** Returns the names of the outputs that are predicted, in their order. */
    public List<String> visible() {
        return names.visible();
    }

    /** Returns the labels that mean another class, and which. */
    public SortedMap<String, String> merged() {
        return names.merged();
    }

    /** Reads the labels that mean another class from what {@link #write} wrote. */
    public static SortedMap<String, String> mergedIn(SectionReader section) {
        return edits(section).merged();
    }

    /** Reads the classes that were removed from what {@link #write} wrote. */
    public static SortedSet<String> removedIn(SectionReader section) {
        return edits(section).removed();
    }

    private static OutputNames edits(SectionReader section) {
        OutputNames edits = new OutputNames(List.of());
        edits.readEdits(section);
        return edits;
    }

    /**
     * Decodes logits, without those of classes that are not predicted any more.
     *
     * @param logits of each sample, for the first outputs
     * @param outputs number of these
     */
    public List<Answer> answers(float[][] logits, int outputs) {
        List<String> first = names.all().subList(0, outputs);
        if (!names.hasHidden()) {
            return goal.decode(first, logits);
        }
        int[] shown = IntStream.range(0, outputs)
                .filter(output -> !names.isHidden(first.get(output)))
                .toArray();
        float[][] rows = new float[logits.length][shown.length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < shown.length; i++) {
                rows[row][i] = logits[row][shown[i]];
            }
        }
        return goal.decode(Arrays.stream(shown).mapToObj(first::get).toList(), rows);
    }

    /** Returns whether any of the first outputs is predicted. */
    public boolean isAnyVisible(int outputs) {
        return outputs > 0
                && (!names.hasHidden()
                        || names.all().subList(0, outputs).stream().anyMatch(name -> !names.isHidden(name)));
    }

    /**
     * Lets a label mean another class from now on, and makes the samples of the one samples of the other.
     *
     * @return what must be done to samples elsewhere; refused when there are no such classes
     */
    public Outcome<Relabelling> mergeLabel(String label, String into) {
        String why = !names.contains(label)
                ? "class '%s' is not known".formatted(label)
                : !names.meaning(label).equals(label)
                        ? "class '%s' has been merged into '%s'".formatted(label, names.meaning(label))
                        : !names.contains(into) || names.isHidden(into)
                                ? "class '%s' is not known, or was merged or removed".formatted(into)
                                : label.equals(into) ? "both are class '%s'".formatted(label) : "";
        if (!why.isEmpty()) {
            return refused(why);
        }
        Relabelling relabelling = new Relabelling(names.index(label), names.index(into));
        names.merge(label, into);
        replay.relabel(relabelling);
        heldOut.relabel(relabelling);
        counts = relabelling.applyToCounts(counts);
        return Outcome.ok(relabelling);
    }

    /**
     * Refuses samples of a class from now on, and does not predict it any more; what was learned of it stays. Nothing changes when
     * it is removed already.
     *
     * @return the output of the class; refused when there is no such class, or no other one
     */
    public Outcome<Integer> removeLabel(String label) {
        if (!names.isRemoved(label)) {
            if (!names.contains(label) || names.isHidden(label)) {
                return refused("class '%s' is not known, or was merged into another one".formatted(label));
            }
            if (names.visible().size() < 2) {
                return refused("it has no other class than '%s'".formatted(label));
            }
            names.remove(label);
        }
        return Outcome.ok(names.index(label));
    }

    /** Drops all samples of a class. */
    public void drop(int output) {
        replay.drop(output);
        heldOut.drop(output);
        if (output < counts.length) {
            counts[output] = 0;
        }
    }

    /** Lets a label that was merged or removed be a class again; refused when it was neither. */
    public Outcome<LaneMemory> restoreLabel(String label) {
        if (!names.isHidden(label)) {
            return refused("class '%s' was neither merged nor removed".formatted(label));
        }
        if (names.visible().size() >= config.limits().classes()) {
            return refused("it has as many classes as limits.classes allows, which are %d"
                    .formatted(config.limits().classes()));
        }
        names.restore(label);
        // A label that meant another class for a while means itself again, but was learned as the other.
        requests.clear();
        return Outcome.ok(this);
    }

    private static <T> Outcome<T> refused(String why) {
        return Outcome.rejected(Reason.REFUSED, why + "; 'headwater labels' lists the classes of a lane");
    }

    /** Returns the number of samples of each output that a lane learns from. */
    public int[] counts() {
        return Arrays.copyOf(counts, names.size());
    }

    /** Returns the place of each of some outputs, all of which are known. */
    public int[] places(List<String> outputs) {
        return outputs.stream().mapToInt(names.all()::indexOf).toArray();
    }

    /**
     * Counts a sample, and either holds it out or returns it for training.
     *
     * @param features features of the sample
     * @param target target of its label
     * @param next features of the next observation when the target depends on it; otherwise empty
     * @return the samples to train on: this one, or those that leave the held-out samples for it
     */
    public List<StoredSample> accept(float[] features, Target target, float[] next) {
        float[] code = target.code(names::add);
        samples++;
        return heldOut.offer(new StoredSample(features, code, goal.stratum(code), samples, next));
    }

    /** Counts samples that are not learned, because others of their step correct them. */
    public void passOver(int corrected) {
        samples += corrected;
    }

    /** Returns the stratum of a target; -1 when it is a class that the lane does not know yet. */
    public int stratum(Target target) {
        return goal.stratum(target.code(names.all()::indexOf));
    }

    /** Counts samples that a step trains on. */
    public void count(List<StoredSample> learned) {
        counts = Arrays.copyOf(counts, names.size());
        learned.forEach(one -> counts[one.stratum()]++);
    }

    /** Returns the random numbers of the current step. */
    public SplitMix64 random() {
        return new SplitMix64(config.training().seed(), steps);
    }

    /** Returns the samples to replay in the current step. */
    public List<StoredSample> replayed(SplitMix64 random) {
        return replay.sample(config.replay().perStep(), random);
    }

    /** Returns all samples of the replay buffer, grouped by stratum. */
    public List<StoredSample> remembered() {
        return replay.contents();
    }

    /** Ends the current step: offers its samples to the replay buffer. */
    public void endStep(List<StoredSample> learned, SplitMix64 random) {
        learned.forEach(one -> replay.add(one, random));
        steps++;
    }

    /**
     * Removes a sample that {@link #accept} has received. It is recognised by its features and its target; of several
     * equal samples, one is removed.
     *
     * @return the sample, and the parts that contained it, for people
     */
    public RemovedSample forget(float[] features, Target target, float[] next) {
        float[] code = target.code(names.all()::indexOf);
        StoredSample sample = new StoredSample(features, code, Math.max(0, goal.stratum(code)), 0, next);
        if (heldOut.forget(sample)) {
            return new RemovedSample(sample, List.of("held-out samples"));
        }
        if (sample.stratum() < counts.length) {
            counts[sample.stratum()] = Math.max(0, counts[sample.stratum()] - 1);
        }
        return replay.forget(sample)
                .map(stored -> new RemovedSample(stored, List.of("samples to replay")))
                .orElseGet(() -> new RemovedSample(sample, List.of()));
    }

    /**
     * Removes the sample of this number, which {@link #accept} has received.
     *
     * @param features its features
     * @param target its target, as the lane has it by now
     * @return the sample, and the parts that contained it, for people
     */
    public RemovedSample forget(long number, float[] features, Target target, float[] next) {
        float[] code = target.code(names.all()::indexOf);
        StoredSample sample = new StoredSample(features, code, Math.max(0, goal.stratum(code)), number, next);
        if (heldOut.forget(number)) {
            return new RemovedSample(sample, List.of("held-out samples"));
        }
        if (sample.stratum() < counts.length) {
            counts[sample.stratum()] = Math.max(0, counts[sample.stratum()] - 1);
        }
        boolean stored = replay.forget(sample.stratum(), number);
        return new RemovedSample(sample, stored ? List.of("samples to replay") : List.of());
    }

    /** Returns which labels of requests the lane has learned. */
    public LearnedRequests requests() {
        return requests;
    }

    /**
     * Returns the weights of the samples of a step, with which strata count as often as in the stream, or all the same
     * with {@link ClassWeights#BALANCED}, although replayed samples are drawn evenly from the strata. They correct for the
     * expected mix of a step, not for the mix that was drawn, and are therefore bounded.
     *
     * @param rows the samples of a step: {@code fresh} new ones, followed by replayed ones
     */
    public float[] weights(List<StoredSample> rows, int fresh) {
        boolean even = config.training().classWeights() == ClassWeights.BALANCED;
        if (config.task() == TaskKind.REINFORCEMENT_LEARNING && !even) {
            return ones(rows.size());
        }
        StratumWeights weights = new StratumWeights(counts, replay.sizes(), fresh, rows.size() - fresh);
        float[] ofRows = new float[rows.size()];
        for (int i = 0; i < ofRows.length; i++) {
            ofRows[i] = (float) weights.weight(rows.get(i).stratum(), even);
        }
        return ofRows;
    }

    /** Returns the weights with which actions of a policy count as often as they are replayed. */
    private static float[] ones(int rows) {
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * Forgets what came before a sample, as after a change of the stream: samples to replay with smaller numbers, or
     * with no number because they come from another lane, leave the memory, and the frequencies of the strata are those
     * of the remaining samples.
     *
     * @param number number of the first sample that is kept
     * @return how many samples left the memory
     */
    public int forgetBefore(long number) {
        int left = replay.forgetBefore(number);
        counts = Arrays.copyOf(replay.sizes(), names.size());
        requests.forgetBefore(number);
        return left;
    }

    /** Returns the number of samples in training so far, without those that were forgotten. */
    public long learned() {
        return Arrays.stream(counts).asLongStream().sum();
    }

    /** Returns whether the lane was started from another lane. */
    public boolean isStarted() {
        return started;
    }

    /** Returns the names of the outputs known so far, in the order of the logits. */
    public List<String> names() {
        return names.all();
    }

    /** Returns the held-out samples. */
    public HeldOutSamples heldOut() {
        return heldOut;
    }

    /** Returns the number of samples of the lane so far. */
    public long samples() {
        return samples;
    }

    /** Returns the number of steps so far. */
    public long steps() {
        return steps;
    }
}
