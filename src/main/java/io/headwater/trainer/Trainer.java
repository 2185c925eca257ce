package io.headwater.trainer;

import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.ServingTable;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads samples and commands of the partitions that the group gives it, trains their lanes, and publishes checkpoints. One
 * thread does all of it; only preparing samples happens elsewhere.
 */
public final class Trainer implements Runnable {
    private static final Logger LOG = Logger.getLogger(Trainer.class);
    private static final int MAX_POLL_RECORDS = 128;
    private static final Duration SERVING_PATIENCE = Duration.ofSeconds(60);

    private final TrainerSetup setup;
    private final Topics topics;
    private final TrainerControl control = new TrainerControl();
    private volatile @Nullable Throwable failure;

    /** A trainer that does nothing until {@link #run}. */
    public Trainer(TrainerSetup setup) {
        this.setup = setup;
        this.topics = setup.clients().topics();
    }

    /** How it is. */
    public TrainerStatus status() {
        return control.status();
    }

    /** Why it is {@link TrainerStatus#FAILED}; null when it is not. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Asks it to publish what it has learned and to end. */
    public void stop() {
        control.stop();
    }

    /** Trains until {@link #stop}. */
    @Override
    public void run() {
        run(Map.of());
    }

    /**
     * Trains until all that is on the samples topic now is learned and published, or until {@link #stop}. All partitions
     * must come to this trainer: the group must have no other.
     */
    public void runToEnd() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        try (PartitionReader reader = new PartitionReader(setup.clients())) {
            for (int p = 0; p < topics.partitions(); p++) {
                TopicPartition partition = topics.partition(Topic.SAMPLES, p);
                ends.put(partition, reader.endOf(partition));
            }
        }
        run(ends);
    }

    private void run(Map<TopicPartition, Long> ends) {
        Clients clients = setup.clients();
        try (ServingTable serving = new ServingTable(clients, setup.codec(), (lane, change) -> {});
                PartitionReader reader = new PartitionReader(clients);
                Pipeline pipeline = new Pipeline(setup.reader(), setup.workers());
                KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(setup.group(), MAX_POLL_RECORDS)) {
            if (!serving.awaitCaughtUp(SERVING_PATIENCE)) {
                throw new KafkaException("the serving topic could not be read in %d s; check the brokers"
                        .formatted(SERVING_PATIENCE.toSeconds()));
            }
            LaneFactory lanes = new LaneFactory(setup.lanes(), serving::of);
            PartitionRestorer restorer = new PartitionRestorer(
                    topics, setup.codec(), reader, lanes, setup.lanes().config().name());
            new TrainerLoop(setup, control, consumer, pipeline, serving, lanes, restorer).train(ends);
            control.become(TrainerStatus.STOPPED);
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            control.become(TrainerStatus.STOPPED);
        } catch (Throwable e) {
            failure = e;
            control.become(TrainerStatus.FAILED);
            LOG.errorf(e, "trainer-failed group=%s instance=%s", setup.group(), setup.instance());
        }
    }
}
