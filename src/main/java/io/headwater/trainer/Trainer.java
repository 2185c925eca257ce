package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.intake.Pipeline;
import io.headwater.intake.PreparedRecord;
import io.headwater.intake.RecordIntake;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.ServingTable;
import io.headwater.kafka.SingleRecords;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.role.RoleControl;
import io.headwater.role.ThreadRole;
import io.headwater.store.ArtifactBatch;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Reads samples and commands of the partitions that the consumer group assigns to it, trains their lanes, and publishes
 * checkpoints. All of this runs on one thread; the preparation of samples, and what many lanes do for a checkpoint, also runs on others.
 */
public final class Trainer extends ThreadRole {
    /** Records that are prepared together. */
    private static final int CHUNK = 32;

    /** Records of a partition after which the others have their turn. */
    static final int TURN = 128;

    private static final Duration START_POLL = Duration.ofMillis(200);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(Trainer.class);

    private final TrainerSetup setup;
    private final Topics topics;
    private Map<TopicPartition, Long> ends = Map.of();

    /** Creates a trainer that is not yet started. When it is stopped, it publishes its unpublished results and ends. */
    public Trainer(TrainerSetup setup) {
        super("trainer", setup.group(), setup.instance());
        this.setup = setup;
        this.topics = setup.clients().topics();
    }

    /**
     * Trains on the calling thread until all samples and commands that are on the topics now have been used and the
     * results are published, or until {@link #stop}. All partitions must be assigned to this trainer: the group must have no other
     * member.
     *
     * @throws IllegalStateException when it was started before
     */
    public void runToEnd() {
        ends = ends();
        run();
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> found = new HashMap<>();
        try (PartitionReader reader = new PartitionReader(setup.clients())) {
            for (int p = 0; p < topics.partitions(); p++) {
                for (Topic topic : List.of(Topic.SAMPLES, Topic.COMMANDS)) {
                    TopicPartition partition = topics.partition(topic, p);
                    found.put(partition, reader.endOf(partition));
                }
            }
        }
        return found;
    }

    @Override
    protected void work(RoleControl control) throws InterruptedException {
        Clients clients = setup.clients();
        LaneEvents events = new LaneEvents(setup.codec(), setup.listener()::foreign);
        TrainerRecords records =
                new TrainerRecords(setup.reader().with(setup.intake().ahead()), topics);
        Withdrawals withdrawals = new Withdrawals(setup.lanes().config().name());
        try (ServingTable serving = new ServingTable(clients, events, withdrawals);
                PartitionReader reader = new PartitionReader(clients);
                Pipeline<PreparedRecord> pipeline = new Pipeline<>(
                        records,
                        CHUNK,
                        setup.workers(),
                        setup.intake().patience(),
                        setup.intake().turns());
                KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(setup.group());
                LaneThreads threads = new LaneThreads(laneThreads());
                RecordIntake<PreparedRecord> intake = new RecordIntake<>(
                        setup.intake(), records, consumer, pipeline, () -> new SingleRecords(clients))) {
            control.waitFor("the serving topic");
            while (!serving.awaitCaughtUp(START_POLL)) {
                if (control.isStopping()) {
                    return;
                }
                serving.fault().ifPresent(fault -> control.waitFor("the serving topic: " + fault));
            }
            if (!awaitStore(control, serving)) {
                return;
            }
            ArtifactBatch artifacts = new ArtifactBatch(setup.lanes().store());
            LaneContext context = setup.lanes().storingIn(artifacts);
            Replay replay = new Replay(context, topics, setup.reader());
            SampleLog samples = new SampleLog(topics, setup.codec(), events, reader, setup.reader());
            LaneRescue rescue = new LaneRescue(context, samples, reader, replay);
            AwakeLanes awake = new AwakeLanes(setup.laneBytes());
            LaneFactory lanes = new LaneFactory(context, rescue, serving::of, serving::partitionOf);
            PartitionRestorer restorer = new PartitionRestorer(
                    topics, events, reader, lanes, setup.lanes().config().name(), awake, setup.goesOnAfterReset());
            LaneMerging merging = new LaneMerging(context, samples);
            LaneCommands commands =
                    new LaneCommands(lanes, samples, merging, setup.lanes().clock());
            new TrainerLoop(
                            setup,
                            control,
                            consumer,
                            pipeline,
                            intake,
                            serving,
                            withdrawals,
                            lanes,
                            commands,
                            restorer,
                            artifacts,
                            awake,
                            threads)
                    .train(ends);
        }
    }

    /**
     * Returns how many lanes may work at the same time: as many as there are threads that prepare samples, which have nothing to do meanwhile,
     * and one on this thread; but one alone if their heads need much memory for a step.
     */
    private int laneThreads() {
        LaneContext lanes = setup.lanes();
        return LaneLearner.isClosedForm(lanes.config(), lanes.goal(), lanes.heads()) ? setup.workers() + 1 : 1;
    }

    /**
     * Waits until the store is the one of the installation, and keeps the configuration there. An empty folder in its place, as
     * where a volume is not mounted, must not be taken for a new store: what is written there is out of reach later.
     *
     * @return whether this was reached before the role is stopped
     */
    private boolean awaitStore(RoleControl control, ServingTable serving) throws InterruptedException {
        String told = "";
        while (!control.isStopping()) {
            String missing = withoutStore(serving.all());
            if (missing.isEmpty()) {
                return true;
            }
            if (!missing.equals(told)) {
                LOG.warnf("trainer-waits-for-store instance=%s: %s", setup.instance(), missing);
                told = missing;
            }
            control.waitFor("the artifact store: " + missing);
            Thread.sleep(STORE_PAUSE.toMillis());
        }
        return false;
    }

    /** Keeps the configuration in the store; returns why the store cannot be used yet, empty if it can. */
    private String withoutStore(List<Serving> served) {
        ArtifactStore store = setup.lanes().store();
        if (!served.isEmpty()
                && served.stream().noneMatch(one -> store.contains(one.version().artifact()))) {
            VersionRef one = served.get(0).version();
            return "it has none of the artifacts of the versions that serve, such as %s of %s; is it mounted? If it is lost, restore it from a backup, or begin anew with another headwater.topics.prefix"
                    .formatted(one.artifact(), one);
        }
        try {
            setup.lanes().keepConfiguration();
            return "";
        } catch (UncheckedIOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
