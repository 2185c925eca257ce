package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.SplitMix64;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a lane remembers, whatever learns in it: the names of its outputs, samples to replay, held-out samples, and how many
 * samples and steps there were. All randomness of a step follows from the number of the step. Not thread-safe.
 */
public final class LaneMemory {
    private final AdaptationConfig config;
    private final Goal goal;
    private final OutputNames names;
    private final ReplayBuffer replay;
    private final HeldOutSamples heldOut;
    private final boolean started;
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

    /** The memory of a lane that has seen nothing. */
    public static LaneMemory empty(AdaptationConfig config, Goal goal) {
        return new LaneMemory(
                config,
                goal,
                goal.names(),
                new ReplayBuffer(config.replay().capacity()),
                new HeldOutSamples(config.anchor(), List.of(), false),
                false);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names of the outputs, in the order of the logits
     */
    public static LaneMemory read(AdaptationConfig config, Goal goal, List<String> names, SectionReader section) {
        boolean started = section.value("started", Boolean::parseBoolean);
        LaneMemory memory = new LaneMemory(
                config,
                goal,
                names,
                ReplayBuffer.read(config.replay().capacity(), section.section("replay"), names.size()),
                HeldOutSamples.read(config.anchor(), section.section("held-out"), names.size(), started),
                started);
        memory.counts = section.ints("counts");
        memory.samples = section.value("samples", Long::valueOf);
        memory.steps = section.value("steps", Long::valueOf);
        return memory;
    }

    /** Writes all but the names of the outputs. */
    public void write(SectionWriter section) {
        replay.write(section.section("replay"));
        heldOut.write(section.section("held-out"));
        section.ints("counts", Arrays.copyOf(counts, names.size()));
        section.value("samples", samples);
        section.value("steps", steps);
        section.value("started", started);
    }

    /**
     * The memory with which another lane starts from this one.
     *
     * @param keepsSamples whether replay and held-out samples come along; otherwise nothing old holds back what is new
     */
    public LaneMemory asStart(boolean keepsSamples) {
        LaneMemory start = new LaneMemory(
                config,
                goal,
                names.all(),
                keepsSamples ? replay : new ReplayBuffer(config.replay().capacity()),
                new HeldOutSamples(config.anchor(), keepsSamples ? heldOut.all() : List.of(), true),
                true);
        start.counts = keepsSamples ? counts : new int[0];
        start.steps = steps;
        return start;
    }

    /** Takes note of the outputs that {@code target} names; rejected when there would be more than allowed. */
    public Outcome<Target> admit(Target target) {
        List<String> fresh = target.symbols().stream()
                .filter(symbol -> !symbol.isEmpty() && !names.contains(symbol))
                .distinct()
                .toList();
        if (!fresh.isEmpty() && names.size() + fresh.size() > config.limits().classes()) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label '%s' would be class %d of the lane, and limits.classes allows %d"
                            .formatted(
                                    fresh.get(0),
                                    names.size() + 1,
                                    config.limits().classes()));
        }
        fresh.forEach(names::add);
        return Outcome.ok(target);
    }

    /**
     * Counts a sample, and holds it out when it is one to hold out; otherwise it is to be learned.
     *
     * @param features of the sample
     * @param target of its label
     * @param next features of what is seen next, where the target needs them; otherwise empty
     * @return the sample to learn; empty when it is held out
     */
    public Optional<StoredSample> accept(float[] features, Target target, float[] next) {
        float[] code = target.code(names::add);
        StoredSample sample = new StoredSample(features, code, goal.stratum(code), next);
        samples++;
        return heldOut.offer(sample, samples) ? Optional.empty() : Optional.of(sample);
    }

    /** Counts samples that a step learns. */
    public void count(List<StoredSample> learned) {
        counts = Arrays.copyOf(counts, names.size());
        learned.forEach(one -> counts[one.stratum()]++);
    }

    /** The random numbers of the present step. */
    public SplitMix64 random() {
        return new SplitMix64(config.training().seed(), steps);
    }

    /** Samples to learn again in the present step. */
    public List<StoredSample> replayed(SplitMix64 random) {
        return replay.sample(config.replay().perStep(), random);
    }

    /** Ends the present step: offers what it learned to the replay buffer. */
    public void endStep(List<StoredSample> learned, SplitMix64 random) {
        learned.forEach(one -> replay.add(one, random));
        steps++;
    }

    /** The weight of a sample of this stratum: positive, and on average 1 over the samples learned so far. */
    public float weight(int stratum) {
        if (config.training().classWeights() == ClassWeights.NONE) {
            return 1;
        }
        int present = (int) Arrays.stream(counts).filter(n -> n > 0).count();
        long all = Arrays.stream(counts).asLongStream().sum();
        return (float) ((double) all / ((double) present * Math.max(1, counts[stratum])));
    }

    /** The names of the outputs known so far, in the order of the logits. */
    public List<String> names() {
        return names.all();
    }

    /** The held-out samples. */
    public HeldOutSamples heldOut() {
        return heldOut;
    }

    /** Samples of the lane so far. */
    public long samples() {
        return samples;
    }

    /** Steps so far. */
    public long steps() {
        return steps;
    }
}
