package io.headwater.manage;

import io.headwater.api.http.Problem;
import io.headwater.kafka.Clients;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Reads single records of topics, with bounds on time and on readers at a time. Safe for use by several threads. */
final class TopicRecords {
    private static final Logger LOG = Logger.getLogger(TopicRecords.class);
    private static final int AT_ONCE = 2;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Clients clients;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    TopicRecords(Clients clients) {
        this.clients = clients;
    }

    /**
     * Returns those of the records at {@code offsets} that are still there, by their offsets.
     *
     * @throws Problem.Raised when the brokers do not answer in time
     */
    Map<Long, ConsumerRecord<byte[], byte[]>> at(TopicPartition partition, Collection<Long> offsets) {
        try {
            if (!turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader()) {
            return read(consumer, partition, new TreeSet<>(offsets));
        } catch (KafkaException e) {
            LOG.warn("inputs-not-read", e);
            throw unavailable();
        } finally {
            turns.release();
        }
    }

    private static Map<Long, ConsumerRecord<byte[], byte[]>> read(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, TreeSet<Long> offsets) {
        Map<Long, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long offset : offsets.headSet(end)) {
            if (found.containsKey(offset)) {
                continue;
            }
            consumer.seek(partition, offset);
            while (consumer.position(partition, PATIENCE) <= offset) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (offsets.contains(record.offset())) {
                        found.put(record.offset(), record);
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    throw unavailable();
                }
            }
        }
        return found;
    }

    private static Problem.Raised unavailable() {
        return Problem.of(503, "Not available at present", "the brokers do not answer; try again")
                .raised();
    }
}
