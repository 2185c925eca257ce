package io.headwater.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** How many records of changelogs there are left to restore. Safe for use by several threads. */
final class Restoring implements StateRestoreListener {
    private final Map<TopicPartition, Part> parts = new ConcurrentHashMap<>();

    /** How far a changelog is restored: offsets before {@code end} are to be, those before {@code next} are. */
    private record Part(long next, long end) {}

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
        parts.put(partition, new Part(start, end));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long last, long count) {
        parts.computeIfPresent(partition, (same, part) -> new Part(last + 1, part.end()));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
        parts.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long total) {
        parts.remove(partition);
    }

    /** Returns how many records are left, at most: some offsets belong to markers of transactions. */
    long left() {
        return parts.values().stream()
                .mapToLong(part -> Math.max(0, part.end() - part.next()))
                .sum();
    }
}
