package io.headwater.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a partition whose requests or predictions have not come yet, at most one for each request. Their number and their
 * size are bounded, so that labels for requests that never come cannot fill the disk.
 */
final class EarlyLabels {
    /** Number of labels that may wait on a partition. */
    static final int MOST = 100_000;
    /** Size of the labels that may wait on a partition, in bytes. */
    static final long MOST_BYTES = 64L << 20;

    private final KeyValueStore<Bytes, byte[]> store;
    private final String topic;
    private final int most;
    private final long mostBytes;
    private int count;
    private long size;

    EarlyLabels(KeyValueStore<Bytes, byte[]> store, String topic) {
        this(store, topic, MOST, MOST_BYTES);
    }

    EarlyLabels(KeyValueStore<Bytes, byte[]> store, String topic, int most, long mostBytes) {
        this.store = store;
        this.topic = topic;
        this.most = most;
        this.mostBytes = mostBytes;
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> one = all.next();
                count++;
                size += one.value.length;
            }
        }
    }

    /** Returns the record with the label of a request that waits; null when there is none. */
    @Nullable
    ConsumerRecord<byte[], byte[]> get(Bytes request) {
        byte[] value = store.get(request);
        return value == null ? null : LabelRecord.decode(topic, value);
    }

    /** Lets a label wait in the place of the one before it; returns false when there is no room for it. */
    boolean put(Bytes request, ConsumerRecord<byte[], byte[]> label) {
        byte[] before = store.get(request);
        byte[] value = LabelRecord.encode(label);
        int newCount = before == null ? count + 1 : count;
        long newSize = size + value.length - (before == null ? 0 : before.length);
        if (newCount > most || newSize > mostBytes) {
            return false;
        }
        store.put(request, value);
        count = newCount;
        size = newSize;
        return true;
    }

    /** Removes the label of a request if there is one. */
    void remove(Bytes request) {
        byte[] before = store.delete(request);
        if (before != null) {
            count--;
            size -= before.length;
        }
    }
}
