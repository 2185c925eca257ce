package io.headwater.kafka;

import io.headwater.codec.Codec;
import io.headwater.codec.CodecException;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A table of the version that serves each lane; a background thread updates it from the {@code serving} topic. */
public final class ServingTable implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServingTable.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Clients clients;
    private final Codec codec;
    private final BiConsumer<Lane, Serving> onChange;
    private final Map<Lane, Serving> table = new ConcurrentHashMap<>();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException failure;

    /**
     * Starts to follow the topic.
     *
     * @param onChange called on the table's thread for each event, before the event is visible in the table; must not
     *     throw
     */
    public ServingTable(Clients clients, Codec codec, BiConsumer<Lane, Serving> onChange) {
        this.clients = clients;
        this.codec = codec;
        this.onChange = onChange;
        this.thread = new Thread(this::follow, "headwater-serving-table");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the serving event of the version that serves {@code lane} now. */
    public Optional<Serving> of(Lane lane) {
        return Optional.ofNullable(table.get(lane));
    }

    /**
     * Waits until the table contains all events that were on the topic at the start.
     *
     * @throws KafkaException when that takes longer than a minute
     * @throws IllegalStateException when the topic cannot be followed
     */
    public void awaitCaughtUp() throws InterruptedException {
        if (!awaitCaughtUp(PATIENCE)) {
            throw new KafkaException(
                    "the serving topic could not be read in %d s; check the brokers".formatted(PATIENCE.toSeconds()));
        }
    }

    /**
     * Waits until the table contains all events that were on the topic at the start.
     *
     * @param patience maximum time to wait
     * @return whether this was reached in time
     * @throws IllegalStateException when the topic cannot be followed
     */
    public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
        boolean inTime = caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        requireAlive();
        return inTime;
    }

    /**
     * Verifies that the table still follows the topic.
     *
     * @throws IllegalStateException when it no longer does, so that its content would become outdated
     */
    public void requireAlive() {
        RuntimeException why = failure;
        if (why != null) {
            throw new IllegalStateException(
                    "the serving topic is no longer followed (" + why.getMessage() + "); the log says more", why);
        }
    }

    private void follow() {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader()) {
            List<TopicPartition> partitions = IntStream.range(
                            0, clients.topics().partitions())
                    .mapToObj(p -> clients.topics().partition(Topic.SERVING, p))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!stopping) {
                consumer.poll(POLL).forEach(this::apply);
                if (caughtUp.getCount() > 0
                        && partitions.stream().allMatch(p -> consumer.position(p) >= ends.getOrDefault(p, 0L))) {
                    caughtUp.countDown();
                }
            }
        } catch (RuntimeException e) {
            failure = e;
            caughtUp.countDown();
            LOG.error("serving-table-failed", e);
        }
    }

    /**
     * Applies a record. After a tombstone no version serves the lane. An invalid record is skipped, so that it does not
     * prevent later events from being applied.
     */
    private void apply(ConsumerRecord<byte[], byte[]> record) {
        Lane lane;
        @Nullable Serving serving;
        try {
            lane = Lane.parse(RecordKeys.text(record.key()));
            byte @Nullable [] value = record.value();
            serving = value == null ? null : codec.decodeOrThrow(EventType.SERVING, value);
        } catch (CodecException | IllegalArgumentException e) {
            LOG.errorf(e, "serving-event-skipped partition=%d offset=%d", record.partition(), record.offset());
            return;
        }
        if (serving == null) {
            table.remove(lane);
        } else {
            onChange.accept(lane, serving);
            table.put(lane, serving);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
