package io.headwater.trainer;

import io.headwater.codec.RegistryException;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.intake.Pipeline;
import io.headwater.intake.PreparedRecord;
import io.headwater.intake.RecordIntake;
import io.headwater.intake.UnpreparedException;
import io.headwater.kafka.FairPoll;
import io.headwater.kafka.Offsets;
import io.headwater.kafka.ServingTable;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.role.RecoveryPace;
import io.headwater.role.RoleControl;
import io.headwater.role.RoleState;
import io.headwater.store.ArtifactBatch;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One run of a trainer, from subscribing to leaving the group: polls, passes samples to the pipeline and prepared
 * samples to the partitions' trainers, publishes due checkpoints, and returns to the committed state after a failure.
 */
final class TrainerLoop implements ConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(TrainerLoop.class);
    private static final Duration IDLE_POLL = Duration.ofMillis(20);
    private static final Duration BUSY_POLL = Duration.ofMillis(1);
    private static final Duration TOPIC_WATCH = Duration.ofSeconds(1);

    private final TrainerSetup setup;
    private final RoleControl control;
    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Pipeline<PreparedRecord> pipeline;
    private final RecordIntake<PreparedRecord> intake;
    private final ServingTable serving;
    private final Withdrawals withdrawals;
    private final LaneFactory lanes;
    private final LaneCommands commands;
    private final PartitionRestorer restorer;
    private final ArtifactBatch artifacts;
    private final AwakeLanes awake;
    private final LaneThreads threads;
    private final Map<Integer, PartitionTrainer> partitions = new TreeMap<>();
    private final Set<Integer> toRestore = new HashSet<>();
    private final Set<TopicPartition> commandsToRestore = new HashSet<>();

    /** Why partitions wait for a person, as text for people. */
    private final Map<Integer, String> waiting = new TreeMap<>();

    /** Partitions of the samples topic that the other topics do not have. */
    private final Set<Integer> beyond = new TreeSet<>();

    /** Partitions that were polled at another position than the one from which they are read now. */
    private final Set<Integer> moved = new HashSet<>();

    private @Nullable KafkaFuture<String> topicId;
    private long topicIdAgain;
    private final FairPoll poll;
    private final LagWatch lag;
    private CheckpointPublisher publisher;
    private boolean finished;
    private boolean leaving;
    private final PublishingPace publishing;
    private final RecoveryPace pace = new RecoveryPace();
    private boolean recoveredInVain;

    TrainerLoop(
            TrainerSetup setup,
            RoleControl control,
            KafkaConsumer<byte[], byte[]> consumer,
            Pipeline<PreparedRecord> pipeline,
            RecordIntake<PreparedRecord> intake,
            ServingTable serving,
            Withdrawals withdrawals,
            LaneFactory lanes,
            LaneCommands commands,
            PartitionRestorer restorer,
            ArtifactBatch artifacts,
            AwakeLanes awake,
            LaneThreads threads) {
        this.setup = setup;
        this.control = control;
        this.topics = setup.clients().topics();
        this.consumer = consumer;
        this.pipeline = pipeline;
        this.intake = intake;
        this.serving = serving;
        this.withdrawals = withdrawals;
        this.lanes = lanes;
        this.commands = commands;
        this.restorer = restorer;
        this.artifacts = artifacts;
        this.awake = awake;
        this.threads = threads;
        this.publishing = new PublishingPace(setup.lanes().config().checkpoint().interval());
        this.publisher = newPublisher();
        this.poll = new FairPoll(consumer, Trainer.TURN);
        this.lag = new LagWatch(
                new SampleLag(setup.lanes().config().name(), setup.lanes().clock(), setup.listener()),
                consumer,
                this::samples,
                restorer::endsOf);
    }

    void train(Map<TopicPartition, Long> ends) throws InterruptedException {
        try {
            consumer.subscribe(List.of(topics.name(Topic.SAMPLES), topics.name(Topic.COMMANDS)), this);
            report();
            while (!control.isStopping() && !finished) {
                attempt(() -> {
                    turn();
                    if (reached(ends)) {
                        publish(partitions.values());
                        finished = true;
                    }
                });
            }
            if (control.state() != RoleState.RECOVERING) {
                attempt(() -> publish(partitions.values()));
            }
            intake.released(consumer.assignment());
        } finally {
            // Leaving the group revokes all partitions again, but everything has already been published.
            leaving = true;
            lag.close();
            publisher.close();
            partitions.values().forEach(PartitionTrainer::close);
            partitions.clear();
        }
    }

    private void turn() throws InterruptedException {
        serving.requireAlive();
        withdraw();
        watchTopic();
        report();
        fetch();
        try {
            List<PreparedRecord> prepared = pipeline.next(pipeline.isFull() ? IDLE_POLL : Duration.ZERO);
            while (prepared != null) {
                prepared.forEach(this::accept);
                control.progressed();
                prepared = pipeline.next(Duration.ZERO);
            }
        } catch (UnpreparedException e) {
            intake.suspect(e);
        }
        intake.advance(partition -> partitions.containsKey(partition.partition()));
        if (pipeline.isEmpty()) {
            control.progressed();
        }
        publishDue(setup.lanes().clock().instant());
        lag.tell();
    }

    /**
     * Lets the partitions of lanes whose serving version was withdrawn go on from their committed state, to which the withdrawal
     * belongs: until its next promotion or command, no version serves such a lane.
     */
    private void withdraw() {
        for (Lane lane : withdrawals.take()) {
            int partition = topics.partitionOf(lane.domain());
            PartitionTrainer trainer = partitions.get(partition);
            if (trainer != null && trainer.isServed(lane)) {
                LOG.infof(
                        "lane-withdrawn lane=%s; a tombstone on the serving topic took its version out of service",
                        lane);
                publish(List.of(trainer));
                restart(partition);
                setup.listener().withdrawn(lane);
            }
        }
    }

    /** Lets a partition go on from its committed state. */
    private void restart(int partition) {
        release(partition);
        toRestore.add(partition);
        Set<TopicPartition> both = new HashSet<>(
                Set.of(topics.partition(Topic.SAMPLES, partition), topics.partition(Topic.COMMANDS, partition)));
        both.retainAll(consumer.assignment());
        both.forEach(pipeline::drop);
        commandsToRestore.addAll(commandsOf(both));
        Offsets.rewind(consumer, both);
    }

    /** Fetches a few records at a time until there are none or the pipeline is full, so that memory is bounded. */
    private void fetch() throws InterruptedException {
        Duration wait = patience();
        int count;
        do {
            intake.note();
            ConsumerRecords<byte[], byte[]> records = poll.poll(wait, this::isWanted);
            moved.clear();
            restoreAssigned();
            count = records.count();
            if (count > 0) {
                setup.listener().polled(count);
                submit(records);
            }
            wait = Duration.ZERO;
        } while (count > 0 && !pipeline.isFull());
    }

    private void submit(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            if (isSamples(partition) && !moved.contains(partition.partition())) {
                List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
                pipeline.submit(some);
                lag.read(partition.partition(), some);
                intake.fetched(partition, some.get(some.size() - 1).offset() + 1);
            } else if (!isSamples(partition)) {
                List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
                PartitionTrainer trainer = partitions.get(partition.partition());
                if (trainer == null) {
                    // The samples partition with these lanes is not yet assigned to this trainer, so their commands
                    // wait.
                    intake.readAgain(some.get(0));
                } else {
                    some.forEach(trainer::command);
                    intake.fetched(partition, some.get(some.size() - 1).offset() + 1);
                }
            }
        }
    }

    private void accept(PreparedRecord prepared) {
        if (prepared instanceof Prepared sample) {
            accept(sample);
        } else if (prepared instanceof PreparedCommand command) {
            accept(command);
        }
    }

    private void accept(PreparedCommand command) {
        PartitionTrainer trainer = partitions.get(command.record().partition());
        Rejection rejection = command.rejection();
        if (trainer == null) {
            intake.readAgain(command.record());
        } else if (rejection == null) {
            trainer.command(command.record());
        } else {
            trainer.refuse(command.record(), rejection);
        }
    }

    private void accept(Prepared prepared) {
        int partition = prepared.record().partition();
        PartitionTrainer trainer = partitions.get(partition);
        if (trainer != null && prepared.record().offset() < trainer.lastRead()) {
            // The offsets went back: what the lanes have learned must be compared with what is on the topic now.
            restart(partition);
        } else if (trainer != null) {
            trainer.accept(prepared);
            if (trainer.isFull()) {
                publish(List.of(trainer));
            } else if (awake.areCrowded()) {
                publish(partitions.values());
            } else {
                trainer.newThresholds()
                        .ifPresent(thresholds -> publisher.publish(List.of(thresholds), consumer.groupMetadata()));
            }
        }
    }

    private void publishDue(Instant now) {
        List<PartitionTrainer> due = new ArrayList<>();
        partitions.forEach((partition, trainer) -> {
            if (!pipeline.holds(samples(partition))) {
                trainer.cutQuietSteps(now, publishing.patience());
            }
            if (trainer.isOverdue(now, publishing.patience())) {
                due.add(trainer);
            }
        });
        publish(due);
    }

    private void publish(Collection<PartitionTrainer> trainers) {
        long begun = System.nanoTime();
        List<PartitionCheckpoint> checkpoints = trainers.stream()
                .filter(PartitionTrainer::isDirty)
                .map(PartitionTrainer::checkpoint)
                .toList();
        if (!checkpoints.isEmpty()) {
            publisher.publish(checkpoints, consumer.groupMetadata());
            lag.committed(checkpoints);
            recoveredInVain = false;
            pace.succeeded();
            publishing.took(Duration.ofNanos(System.nanoTime() - begun));
        }
        awake.settle();
    }

    private Duration patience() {
        return pipeline.isEmpty() ? IDLE_POLL : BUSY_POLL;
    }

    /** Returns whether records of a partition are wanted now. The consumer is polled in any case, so that it stays in its group. */
    private boolean isWanted(TopicPartition partition) {
        return partition.partition() < topics.partitions()
                && !waiting.containsKey(partition.partition())
                && !intake.isCareful(partition)
                && !(isSamples(partition) && pipeline.isFull());
    }

    /** Reports whether a partition waits for a person, and why. */
    private void report() {
        List<String> reasons = new ArrayList<>(waiting.values());
        if (!beyond.isEmpty()) {
            reasons.add(
                    "partitions %s of topic %s, which other topics of the installation do not have: give every topic as many partitions, and set headwater.topics.partitions, which is %d, to their number"
                            .formatted(beyond, topics.name(Topic.SAMPLES), topics.partitions()));
        }
        if (!reasons.isEmpty()) {
            control.waiting(String.join("; ", reasons));
        } else if (control.state() != RoleState.RUNNING) {
            control.running();
        }
    }

    /** Lets all partitions go on from their committed state when the samples topic is another one than before. */
    private void watchTopic() {
        String samples = topics.name(Topic.SAMPLES);
        KafkaFuture<String> asked = topicId;
        if (asked == null) {
            topicId = restorer.topicId(samples);
            topicIdAgain = System.nanoTime() + TOPIC_WATCH.toNanos();
        } else if (asked.isDone() && System.nanoTime() - topicIdAgain > 0) {
            topicId = null;
            if (asked.isCompletedExceptionally()) {
                return;
            }
            String id = TopicAdmin.await(asked);
            boolean isOther = partitions.values().stream()
                    .anyMatch(trainer -> !trainer.topic().equals(id));
            if (isOther) {
                LOG.errorf("samples-topic-recreated topic=%s id=%s", samples, id);
                List.copyOf(partitions.keySet()).forEach(this::restart);
            }
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return !ends.isEmpty()
                && pipeline.isEmpty()
                && !intake.isCareful()
                && consumer.assignment().containsAll(ends.keySet())
                // A partition is part of the assignment shortly before this trainer is told.
                && ends.keySet().stream().allMatch(end -> partitions.containsKey(end.partition()))
                && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void attempt(Work work) throws InterruptedException {
        try {
            work.run();
            return;
        } catch (ConfigurationException | ArtifactException | InterruptException e) {
            throw e;
        } catch (KafkaException | UncheckedIOException | RegistryException e) {
            tell("trainer-recovers", e);
            setup.listener().recovering(e);
            control.recovering(e);
        }
        if (recoveredInVain) {
            // The fault persists; retrying immediately would only cause load.
            pace.pause(control);
        }
        recoveredInVain = true;
        while (!control.isStopping() && control.state() == RoleState.RECOVERING) {
            if (recovered()) {
                report();
            } else {
                pace.pause(control);
            }
        }
    }

    /**
     * Returns to the committed state: a new producer aborts an open transaction, and lanes are restored. Returns
     * whether this succeeded.
     */
    private boolean recovered() {
        try {
            publisher.close();
            artifacts.clear();
            consumer.assignment().forEach(pipeline::drop);
            toRestore.addAll(partitions.keySet());
            commandsToRestore.addAll(commandsOf(consumer.assignment()));
            toRestore.addAll(waiting.keySet());
            publisher = newPublisher();
            Offsets.rewind(consumer);
            restoreAssigned();
            return true;
        } catch (KafkaException | UncheckedIOException | RegistryException e) {
            tell("trainer-recovery-fails", e);
            return false;
        }
    }

    /** Logs a fault, unless the same kind of fault was logged within the last minute. */
    private void tell(String event, Exception fault) {
        if (pace.isNews(fault)) {
            LOG.warnf(fault, "%s instance=%s untold=%d", event, setup.instance(), pace.takeUntold());
        }
    }

    private CheckpointPublisher newPublisher() {
        return new CheckpointPublisher(
                setup.clients(),
                setup.codec(),
                setup.lanes().config().name(),
                setup.group() + "-" + setup.instance(),
                artifacts,
                setup.listener());
    }

    private void restoreAssigned() {
        for (int partition : List.copyOf(toRestore)) {
            if (!consumer.assignment().contains(topics.partition(Topic.SAMPLES, partition))) {
                // Taken away since the last poll; the next one would say so.
                forget(partition);
                continue;
            }
            release(partition);
            lag.begun(partition);
            PartitionTrainer trainer = new PartitionTrainer(
                    partition,
                    setup.lanes(),
                    lanes,
                    commands,
                    setup.codec(),
                    restorer::beginningOf,
                    setup.listener(),
                    awake,
                    threads);
            try {
                RestoredPartition restored = restorer.restore(partition, committed(partition));
                trainer.restore(restored);
                partitions.put(partition, trainer);
                if (restored.reset() != null) {
                    LOG.errorf("lanes-go-on-after-reset partition=%d reason=\"%s\"", partition, restored.reset());
                    Offsets.seek(consumer, topics.partition(Topic.SAMPLES, partition), restored.position());
                    moved.add(partition);
                }
                intake.restored(samples(partition));
            } catch (ResetException e) {
                LOG.errorf("lanes-wait partition=%d reason=\"%s\"", partition, e.getMessage());
                waiting.put(partition, String.valueOf(e.getMessage()));
            }
            toRestore.remove(partition);
        }
        commandsToRestore.retainAll(consumer.assignment());
        for (TopicPartition partition : List.copyOf(commandsToRestore)) {
            intake.restored(partition);
            commandsToRestore.remove(partition);
        }
    }

    /** Returns the committed offset of the samples of {@code partition}; -1 when there is none. */
    private long committed(int partition) {
        TopicPartition samples = topics.partition(Topic.SAMPLES, partition);
        OffsetAndMetadata offset = consumer.committed(Set.of(samples)).get(samples);
        return offset == null ? -1 : offset.offset();
    }

    private void forget(int partition) {
        toRestore.remove(partition);
        beyond.remove(partition);
        release(partition);
        lag.released(partition);
        intake.released(List.of(samples(partition)));
    }

    private void release(int partition) {
        pipeline.drop(samples(partition));
        waiting.remove(partition);
        PartitionTrainer trainer = partitions.remove(partition);
        if (trainer != null) {
            trainer.close();
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        // No record may be fetched before the notes of the partition were read.
        Offsets.pause(consumer, assigned);
        commandsToRestore.addAll(commandsOf(assigned));
        for (int partition : samplesOf(assigned)) {
            (partition < topics.partitions() ? toRestore : beyond).add(partition);
        }
    }

    /** Publishes results before the partitions are revoked, so that their next owner need not repeat the training. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (leaving) {
            return;
        }
        List<Integer> goingAway = samplesOf(revoked);
        try {
            publish(goingAway.stream()
                    .filter(partitions::containsKey)
                    .map(partitions::get)
                    .toList());
        } finally {
            goingAway.forEach(this::forget);
            forgetCommands(revoked);
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        samplesOf(lost).forEach(this::forget);
        forgetCommands(lost);
    }

    private void forgetCommands(Collection<TopicPartition> gone) {
        List<TopicPartition> commands = commandsOf(gone);
        commands.forEach(pipeline::drop);
        commandsToRestore.removeAll(commands);
        intake.released(commands);
    }

    private boolean isSamples(TopicPartition partition) {
        return partition.topic().equals(topics.name(Topic.SAMPLES));
    }

    private TopicPartition samples(int partition) {
        return topics.partition(Topic.SAMPLES, partition);
    }

    /** Returns those of {@code all} that are partitions of the commands topic. */
    private List<TopicPartition> commandsOf(Collection<TopicPartition> all) {
        return all.stream()
                .filter(partition -> !isSamples(partition) && partition.partition() < topics.partitions())
                .toList();
    }

    private List<Integer> samplesOf(Collection<TopicPartition> all) {
        return all.stream()
                .filter(this::isSamples)
                .map(TopicPartition::partition)
                .sorted()
                .toList();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }
}
