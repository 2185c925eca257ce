package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.adapt.StepReport;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.CheckpointConfig;
import io.headwater.domain.Command;
import io.headwater.domain.Lane;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.kafka.RecordKeys;
import io.headwater.trainer.LaneCommands.Position;
import io.headwater.trainer.PartitionCheckpoint.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All lanes of one partition of the samples topic: a state machine over its records in order. Training depends only on
 * these records, except that time limits can cut steps and checkpoints short, which is recorded in the lineage.
 */
final class PartitionTrainer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PartitionTrainer.class);

    /** Dead letters are copies of records, which are published before they take more memory than this. */
    private static final long MAX_DEAD_LETTER_BYTES = 16L << 20;

    /** A version of one of many lanes is made of so many steps, unless it has waited long. */
    private static final int STEPS_OF_VERSION = 4;

    private final int partition;
    private final LaneContext context;
    private final LaneFactory lanesFactory;
    private final LaneCommands commands;
    private final Codec codec;
    private final IntToLongFunction beginning;
    private final TrainerListener listener;
    private final LaneLimits limits;
    private final AwakeLanes awake;
    private final LaneThreads threads;
    private final Map<String, LaneTrainer> lanes = new TreeMap<>();
    /** Lanes with samples that wait for a step. */
    private final Set<LaneTrainer> incomplete = new LinkedHashSet<>();

    /** Lanes with samples since the last checkpoint. */
    private final Set<LaneTrainer> active = new HashSet<>();

    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private CheckpointBuilder unpublished = new CheckpointBuilder();
    private String topic = "";
    private long expected = -1;
    private long learnedBelow;
    private long commandsBelow;
    private long nextSample = -1;
    private long nextCommand = -1;
    private long publishedSample = -1;
    private long publishedCommand = -1;
    private int steps;
    private long deadLetterBytes;
    private boolean urgent;
    private boolean thresholdsAreDue;
    private Instant dirtySince = Instant.MAX;

    /** When the first sample since the last checkpoint was read. */
    private Instant samplesSince = Instant.MAX;

    /**
     * Creates the trainer of a partition.
     *
     * @param beginning returns the offset of the oldest sample that was not deleted from a partition
     * @param awake receives the lanes that are used
     * @param threads do the work of a checkpoint
     */
    PartitionTrainer(
            int partition,
            LaneContext context,
            LaneFactory lanes,
            LaneCommands commands,
            Codec codec,
            IntToLongFunction beginning,
            TrainerListener listener,
            AwakeLanes awake,
            LaneThreads threads) {
        this.beginning = beginning;
        this.partition = partition;
        this.context = context;
        this.lanesFactory = lanes;
        this.commands = commands;
        this.codec = codec;
        this.listener = listener;
        this.awake = awake;
        this.threads = threads;
        this.limits = new LaneLimits(context.config().limits());
    }

    void restore(RestoredPartition restored) {
        for (LaneTrainer lane : restored.lanes()) {
            lanes.put(lane.lane().domain(), lane);
            listener.restored(lane.lane(), lane.serving());
            learnedBelow = Math.max(learnedBelow, lane.progress().nextOffset());
            commandsBelow = Math.max(commandsBelow, lane.progress().commandsOffset());
        }
        topic = restored.topic();
        expected = restored.position();
        String reset = restored.reset();
        if (reset != null) {
            String text = reset + "; the lane goes on with what is on the topic now";
            lanes.values().forEach(lane -> lane.lose(null, text, unpublished));
            markDirty();
        }
    }

    /** Returns the id of the samples topic from which the lanes learn. */
    String topic() {
        return topic;
    }

    /** Returns the offset after the last sample that was read since the lanes were restored; -1 when none was. */
    long lastRead() {
        return nextSample;
    }

    /** Records the offsets before {@code found} that were deleted before they were read, if there are any. */
    private void notice(long found) {
        if (expected >= 0 && found > expected) {
            long deleted = Math.min(found, beginning.applyAsLong(partition));
            if (deleted > expected) {
                OffsetRange range = new OffsetRange(expected, deleted);
                String text =
                        "the samples at offsets %d to %d of partition %d were deleted before they were read; raise the retention of the samples topic"
                                .formatted(range.from(), range.to() - 1, partition);
                LOG.errorf("samples-lost partition=%d from=%d to=%d", partition, range.from(), range.to());
                lanes.values().forEach(lane -> lane.lose(range, text, unpublished));
                listener.lost(partition, range);
                markDirty();
            }
        }
        expected = found + 1;
    }

    /**
     * Trains on a sample or rejects it. A sample that a checkpoint already covers is ignored, because a group that has
     * lost its offsets reads it again; its offset is committed all the same.
     */
    void accept(Prepared prepared) {
        notice(prepared.record().offset());
        if (prepared.record().offset() < learnedBelow) {
            nextSample = prepared.record().offset() + 1;
            markDirty();
            return;
        }
        Outcome<Example> outcome = prepared.example()
                .then(example -> Outcome.ok(example.at(prepared.record().offset())))
                .then(example -> example.isLabelled() ? learn(prepared, example) : count(prepared, example));
        if (outcome instanceof Outcome.Rejected<Example> rejected) {
            reject(prepared.record(), rejected.rejection());
            passOver(prepared, rejected.rejection());
        }
        nextSample = prepared.record().offset() + 1;
    }

    /**
     * Records in the lineage that a record must not be prepared again, because that would end the process: in that of its lane,
     * or of all lanes when the record cannot be read.
     */
    private void passOver(Prepared prepared, Rejection rejection) {
        if (rejection.reason() == Reason.CRASHES) {
            long offset = prepared.record().offset();
            lanes.forEach((domain, lane) -> {
                if (prepared.domain().isEmpty() || domain.equals(prepared.domain())) {
                    lane.progress().passOver(offset);
                }
            });
        }
    }

    /**
     * Uses or counts a sample without a label in its lane. It begins a lane only where such samples are used and the source
     * of the lane has a version, because nothing can be learned from it alone.
     */
    private Outcome<Example> count(Prepared prepared, Example example) {
        LaneTrainer known = lanes.get(prepared.domain());
        if (known == null && context.usesUnlabelled() && lanesFactory.hasSource(prepared.domain())) {
            Outcome<LaneTrainer> begun = begin(prepared);
            if (begun instanceof Outcome.Rejected<LaneTrainer> rejected) {
                return new Outcome.Rejected<>(rejected.rejection());
            }
            known = lanes.get(prepared.domain());
        }
        if (known != null) {
            known.observeUnlabelled(example, prepared.record().offset());
            if (context.usesUnlabelled()) {
                awake.use(known);
            }
        }
        listener.unlabelled(new Lane(context.config().name(), prepared.domain()));
        markDirty();
        return Outcome.ok(example);
    }

    private Outcome<Example> learn(Prepared prepared, Example example) {
        LaneTrainer known = lanes.get(prepared.domain());
        return known == null ? begin(prepared, example) : learn(known, example);
    }

    private Outcome<Example> learn(LaneTrainer lane, Example example) {
        Outcome<Example> accepted = lane.accept(example);
        if (lane.hasPending()) {
            incomplete.add(lane);
            active.add(lane);
            if (samplesSince.equals(Instant.MAX)) {
                samplesSince = lane.pendingSince();
            }
        }
        awake.use(lane);
        if (lane.stepIsFull()) {
            step(lane);
        }
        return accepted;
    }

    /** Begins a lane with its first sample. Of a sample that cannot be used nothing remains, so that no restart makes a difference. */
    private Outcome<Example> begin(Prepared prepared, Example example) {
        return begin(prepared).then(lane -> {
            Outcome<Example> accepted = learn(lane, example);
            if (accepted instanceof Outcome.Rejected<Example>) {
                lanes.remove(prepared.domain());
                awake.release(lane);
                lane.close();
            }
            return accepted;
        });
    }

    private Outcome<LaneTrainer> begin(Prepared prepared) {
        Instant at = Instant.ofEpochMilli(prepared.record().timestamp());
        return limits.admit(prepared.domain(), partition, at, lanes.values())
                .then(domain ->
                        lanesFactory.begin(domain, partition, prepared.record().offset(), topic, at))
                .then(lane -> {
                    lanes.put(prepared.domain(), lane);
                    return Outcome.ok(lane);
                });
    }

    /**
     * Executes a person's command with the next checkpoint, which becomes due immediately. A command that a checkpoint
     * already covers is ignored, because a group that has lost its offsets reads it again.
     */
    void command(ConsumerRecord<byte[], byte[]> record) {
        nextCommand = record.offset() + 1;
        Outcome<Command> decoded = codec.decode(EventType.COMMAND, record.value());
        if (record.offset() < commandsBelow || (decoded instanceof Outcome.Ok<Command> ok && !isOurs(ok.value()))) {
            return;
        }
        if (decoded.then(this::carryOut) instanceof Outcome.Rejected<LaneTrainer> rejected) {
            reject(record, rejected.rejection());
        }
        urgent = true;
    }

    /** Rejects a record of the commands topic that must not be decoded. */
    void refuse(ConsumerRecord<byte[], byte[]> record, Rejection rejection) {
        nextCommand = record.offset() + 1;
        if (record.offset() >= commandsBelow) {
            reject(record, rejection);
            urgent = true;
        }
    }

    private boolean isOurs(Command command) {
        return command.lane().adaptation().equals(context.config().name());
    }

    private Outcome<LaneTrainer> carryOut(Command command) {
        LaneTrainer lane = lanes.get(command.lane().domain());
        if (lane == null) {
            return Outcome.rejected(
                    Reason.NO_VERSION,
                    "lane '%s' has no version on this partition; 'headwater versions' lists the lanes that have"
                            .formatted(command.lane()));
        }
        if (LaneCommands.needsCompleteSteps(command.action()) && lane.hasPending()) {
            step(lane);
        }
        Outcome<LaneTrainer> done =
                commands.carryOut(command, lane, new Position(nextSample, nextCommand, unpublished));
        awake.use(lane);
        return done;
    }

    /** Returns whether a version serves {@code lane}, as far as this trainer knows. */
    boolean isServed(Lane lane) {
        LaneTrainer trainer = lanes.get(lane.domain());
        return trainer != null && trainer.serving() != null;
    }

    /**
     * Takes incomplete steps that have waited too long. Those of many lanes are left to a checkpoint that comes soon, for which lanes
     * work side by side.
     *
     * @param patience how long results wait until they are published
     */
    void cutQuietSteps(Instant now, Duration patience) {
        if (active.size() >= checkpointing().steps() && PublishingPace.isSoon(patience)) {
            return;
        }
        for (LaneTrainer lane : List.copyOf(incomplete)) {
            if (!now.isBefore(lane.pendingSince().plus(checkpointing().linger()))) {
                step(lane);
            }
        }
    }

    /**
     * Returns whether the number of steps for a checkpoint has been reached, or the maximum size of dead letters; both depend only on
     * the records.
     */
    boolean isFull() {
        return steps >= stepsOfCheckpoint() || deadLetterBytes >= MAX_DEAD_LETTER_BYTES;
    }

    /** Returns after how many steps a checkpoint is made: as configured, or as many as make a version of each of many lanes worth its cost. */
    private int stepsOfCheckpoint() {
        int configured = checkpointing().steps();
        return active.size() < configured ? configured : active.size() * Math.min(configured, STEPS_OF_VERSION);
    }

    /** Returns whether unpublished results, or samples for which no step has been taken, have waited too long. */
    boolean isOverdue(Instant now, Duration patience) {
        return urgent
                || (!dirtySince.equals(Instant.MAX) && !now.isBefore(dirtySince.plus(patience)))
                || (!samplesSince.equals(Instant.MAX)
                        && !now.isBefore(
                                samplesSince.plus(checkpointing().linger()).plus(patience)));
    }

    /** Returns whether anything was read that is not yet published. */
    boolean isDirty() {
        return urgent || !dirtySince.equals(Instant.MAX) || !incomplete.isEmpty();
    }

    /**
     * Returns a checkpoint with all results since the previous one. It first takes incomplete steps, so that every
     * sample read so far is included.
     */
    PartitionCheckpoint checkpoint() {
        List<LaneTrainer> learned =
                lanes.values().stream().filter(LaneTrainer::hasLearned).toList();
        learned.stream().filter(LaneTrainer::hasPending).forEach(this::begin);
        Iterator<LaneResult> results = threads.each(learned, lane -> LaneResult.of(lane, nextSample, nextCommand))
                .iterator();
        Set<LaneTrainer> done = new HashSet<>(learned);
        for (LaneTrainer lane : lanes.values()) {
            if (done.contains(lane)) {
                LaneResult result = results.next();
                if (result.step() != null) {
                    end(lane, result.step());
                }
                unpublished.add(result.events());
            } else {
                lane.publish(nextSample, nextCommand, unpublished);
            }
        }
        PartitionCheckpoint checkpoint = unpublished.build(partition, nextSample, nextCommand, deadLetters);
        unpublished = new CheckpointBuilder();
        publishedSample = nextSample;
        publishedCommand = nextCommand;
        deadLetters.clear();
        steps = 0;
        active.clear();
        deadLetterBytes = 0;
        urgent = false;
        dirtySince = Instant.MAX;
        samplesSince = Instant.MAX;
        return checkpoint;
    }

    /**
     * Returns new thresholds of lanes whose predictions no longer hold the configured coverage, to be published before
     * the next checkpoint. The offsets are those of the newest checkpoint, so that a trainer that has lost its partition is
     * fenced; before the first checkpoint there are none to publish.
     */
    Optional<PartitionCheckpoint> newThresholds() {
        if (publishedSample < 0 || !thresholdsAreDue) {
            return Optional.empty();
        }
        thresholdsAreDue = false;
        CheckpointBuilder thresholds = new CheckpointBuilder();
        boolean any = false;
        for (LaneTrainer lane : lanes.values()) {
            Optional<Serving> renewed = lane.newThresholds();
            renewed.ifPresent(serving -> thresholds.serving(lane.lane(), serving));
            any |= renewed.isPresent();
        }
        return any
                ? Optional.of(thresholds.build(partition, publishedSample, publishedCommand, List.of()))
                : Optional.empty();
    }

    private void step(LaneTrainer lane) {
        begin(lane);
        end(lane, TimedStep.of(lane));
    }

    private void begin(LaneTrainer lane) {
        if (!lane.progress().isPaused()) {
            listener.stepping(lane.lane());
        }
    }

    private void end(LaneTrainer lane, TimedStep step) {
        if (lane.progress().isPaused()) {
            listener.skipped(lane.lane(), step.report().scores());
        } else {
            listener.stepped(lane.lane(), step.report());
            listener.stepTook(lane.lane(), step.time());
        }
        thresholdsAreDue |= lane.thresholdsAreDue();
        steps++;
        incomplete.remove(lane);
        markDirty();
    }

    private void reject(ConsumerRecord<byte[], byte[]> record, Rejection rejection) {
        deadLetters.add(new DeadLetter(record, rejection));
        deadLetterBytes += RecordKeys.sizeOf(record);
        listener.rejected(rejection);
        markDirty();
    }

    private void markDirty() {
        if (dirtySince.equals(Instant.MAX)) {
            dirtySince = context.clock().instant();
        }
    }

    private CheckpointConfig checkpointing() {
        return context.config().checkpoint();
    }

    /** A step of a lane, and how long it took. */
    private record TimedStep(StepReport report, Duration time) {
        static TimedStep of(LaneTrainer lane) {
            long begun = System.nanoTime();
            StepReport report = lane.step();
            return new TimedStep(report, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    /**
     * What a lane adds to a checkpoint.
     *
     * @param step the step on the samples that waited for one; null when there were none
     */
    private record LaneResult(@Nullable TimedStep step, CheckpointBuilder events) {
        static LaneResult of(LaneTrainer lane, long samplesOffset, long commandsOffset) {
            TimedStep step = lane.hasPending() ? TimedStep.of(lane) : null;
            CheckpointBuilder events = new CheckpointBuilder();
            lane.publish(samplesOffset, commandsOffset, events);
            return new LaneResult(step, events);
        }
    }

    @Override
    public void close() {
        for (LaneTrainer lane : lanes.values()) {
            awake.release(lane);
            listener.released(lane.lane());
            lane.close();
        }
    }
}
