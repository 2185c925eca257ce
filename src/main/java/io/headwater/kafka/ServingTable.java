package io.headwater.kafka;

import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A table of the version that serves each lane; a background thread updates it from the {@code serving} topic. It goes on
 * by itself after a failure of the brokers or of the schema registry; meanwhile {@link #fault} says what it waits for.
 */
public final class ServingTable implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServingTable.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Clients clients;
    private final LaneEvents events;
    private final Listener listener;
    private final Map<Lane, Row> table = new ConcurrentHashMap<>();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable String fault;
    private volatile @Nullable RuntimeException failure;

    /** Follows a table, on the table's thread. Its methods must not throw. */
    public interface Listener {
        /** A listener that does nothing. */
        Listener NONE = new Listener() {};

        /** The newest event of a lane; null after a tombstone, from when on no version serves it. */
        default void announced(Lane lane, @Nullable Serving serving) {}

        /**
         * What was read together is announced. Called at least every second, but not before the table contains all events that
         * were on the topic at the start, so that what it does need only regard the last event of each lane.
         */
        default void settled() {}
    }

    /** Starts to follow the topic. */
    public ServingTable(Clients clients, LaneEvents events, Listener listener) {
        this.clients = clients;
        this.events = events;
        this.listener = listener;
        this.thread = new Thread(this::follow, "headwater-serving-table");
        thread.setDaemon(true);
        thread.start();
    }

    /** The newest event of a lane, and the partition that it is on. */
    private record Row(Serving serving, int partition) {}

    /** Returns the serving event of the version that serves {@code lane} now. */
    public Optional<Serving> of(Lane lane) {
        return Optional.ofNullable(table.get(lane)).map(Row::serving);
    }

    /** Returns the serving events of all lanes that a version serves now. */
    public List<Serving> all() {
        return table.values().stream().map(Row::serving).toList();
    }

    /**
     * Returns whether of all adaptations that serve under this prefix of topics, {@code adaptation} has served longest, so that
     * what is for none in particular is for it; also as long as none serves.
     */
    public boolean servesLongest(String adaptation) {
        return table.values().stream()
                .map(Row::serving)
                .min(Comparator.comparing(Serving::beginning)
                        .thenComparing(serving -> serving.version().lane().adaptation()))
                .map(oldest -> oldest.version().lane().adaptation().equals(adaptation))
                .orElse(true);
    }

    /** Returns the partition on which {@code lane} learns, if a version serves it. */
    public OptionalInt partitionOf(Lane lane) {
        Row row = table.get(lane);
        return row == null ? OptionalInt.empty() : OptionalInt.of(row.partition());
    }

    /**
     * Waits until the table contains all events that were on the topic at the start.
     *
     * @throws KafkaException when that takes longer than a minute
     * @throws IllegalStateException when the topic cannot be followed
     */
    public void awaitCaughtUp() throws InterruptedException {
        if (!awaitCaughtUp(PATIENCE)) {
            throw new KafkaException("the serving topic could not be read in %d s%s; check the brokers"
                    .formatted(
                            PATIENCE.toSeconds(),
                            fault().map(why -> " (" + why + ")").orElse("")));
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

    /** Returns why the topic cannot be read at present, although it is tried again and again; empty when it can. */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
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
            Map<TopicPartition, Long> ends = Map.of();
            boolean stopping = false;
            while (!stopping) {
                Duration pause = Duration.ZERO;
                try {
                    if (ends.isEmpty()) {
                        ends = consumer.endOffsets(partitions);
                    }
                    turn(consumer, ends);
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException | RegistryException e) {
                    LOG.warnf(e, "serving-table-waits");
                    fault = e.toString();
                    pause = PAUSE;
                }
                stopping = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
            caughtUp.countDown();
            LOG.error("serving-table-failed", e);
        }
    }

    private void turn(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        applyAll(consumer, consumer.poll(POLL));
        boolean atEnd = caughtUp.getCount() == 0
                || ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        fault = null;
        if (atEnd) {
            listener.settled();
            caughtUp.countDown();
        }
    }

    /** Applies the records, or as many as can be read; the others are polled again. */
    private void applyAll(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, Long> next = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            next.put(partition, records.records(partition).get(0).offset());
        }
        try {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                apply(record);
                next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
        } catch (RegistryException e) {
            next.forEach(consumer::seek);
            throw e;
        }
    }

    /** Applies a record. After a tombstone no version serves the lane. */
    private void apply(ConsumerRecord<byte[], byte[]> record) {
        events.read(EventType.SERVING, record).ifPresent(event -> {
            Serving serving = event.event();
            listener.announced(event.lane(), serving);
            if (serving == null) {
                table.remove(event.lane());
            } else {
                table.put(event.lane(), new Row(serving, record.partition()));
            }
        });
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
