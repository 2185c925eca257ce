package io.headwater.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Polls a consumer so that its partitions take turns. A consumer returns everything that it has fetched of one partition, which
 * can be thousands of records, before it returns anything of the next. Here a partition rests after a number of records until the
 * others were polled.
 */
public final class FairPoll {
    private static final Duration NO_WAIT = Duration.ofMillis(1);

    private final Consumer<byte[], byte[]> consumer;
    private final int turn;

    /** The number of records of each partition since all of them could be polled. */
    private final Map<TopicPartition, Integer> taken = new HashMap<>();

    /**
     * Creates an instance that alone pauses and resumes the partitions of {@code consumer}.
     *
     * @param turn number of records after which a partition rests; more by those of one poll
     */
    public FairPoll(Consumer<byte[], byte[]> consumer, int turn) {
        this.consumer = consumer;
        this.turn = turn;
    }

    /**
     * Polls the partitions whose turn it is.
     *
     * @param patience maximum time to wait for records
     * @param wanted whether records of a partition are wanted now; others are not fetched, and keep their position
     */
    public ConsumerRecords<byte[], byte[]> poll(Duration patience, Predicate<TopicPartition> wanted) {
        Set<TopicPartition> assigned = consumer.assignment();
        if (assigned.stream().filter(wanted).allMatch(this::rests)) {
            taken.clear();
        }
        pause(assigned, wanted);
        boolean someRest = assigned.stream().anyMatch(this::rests);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(someRest ? NO_WAIT : patience);
        if (records.isEmpty() && someRest) {
            taken.clear();
            pause(consumer.assignment(), wanted);
            records = consumer.poll(patience);
        }
        for (TopicPartition partition : records.partitions()) {
            taken.merge(partition, records.records(partition).size(), Integer::sum);
        }
        return records;
    }

    private boolean rests(TopicPartition partition) {
        return taken.getOrDefault(partition, 0) >= turn;
    }

    private void pause(Set<TopicPartition> assigned, Predicate<TopicPartition> wanted) {
        Set<TopicPartition> paused = consumer.paused();
        for (TopicPartition partition : assigned) {
            boolean isOff = rests(partition) || !wanted.test(partition);
            if (isOff != paused.contains(partition)) {
                List<TopicPartition> one = List.of(partition);
                Offsets.whileAssigned(consumer, partition, () -> {
                    if (isOff) {
                        consumer.pause(one);
                    } else {
                        consumer.resume(one);
                    }
                });
            }
        }
    }
}
