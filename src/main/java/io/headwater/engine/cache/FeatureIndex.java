package io.headwater.engine.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/**
 * An index of the positions of entries: a table of slots in buckets of four. A slot holds sixteen bits of the key and a
 * position; whether the entry is still there can be told only from the entry itself. A full bucket replaces its oldest
 * slot.
 */
final class FeatureIndex {
    private static final int SLOT_BYTES = 8;
    private static final int SLOTS = 4;
    private static final int TAG_SHIFT = 48;
    private static final long PLACE = (1L << TAG_SHIFT) - 1;

    private final ByteBuffer slots;
    private final int buckets;
    private final long capacity;

    /**
     * Creates an index in {@code slots}, which may hold any bytes.
     *
     * @param capacity upper bound of positions, exclusive
     */
    FeatureIndex(ByteBuffer slots, long capacity) {
        this.slots = slots.order(ByteOrder.LITTLE_ENDIAN);
        this.buckets = slots.capacity() / (SLOTS * SLOT_BYTES);
        this.capacity = capacity;
    }

    /** The zero to four possible positions of the entry of {@code key}, each a multiple of eight below the capacity. */
    long[] candidates(byte[] key) {
        int bucket = bucket(key);
        return LongStream.range(0, SLOTS)
                .map(i -> slots.getLong(bucket + (int) i * SLOT_BYTES))
                .filter(slot -> slot >>> TAG_SHIFT == tag(key) && position(slot) >= 0 && position(slot) < capacity)
                .map(FeatureIndex::position)
                .toArray();
    }

    /**
     * Adds an entry.
     *
     * @param write current write position of the ring, from which the age of other entries is derived
     */
    void add(byte[] key, long position, long write) {
        int bucket = bucket(key);
        int chosen = bucket;
        long greatest = -1;
        for (int i = 0; i < SLOTS; i++) {
            int at = bucket + i * SLOT_BYTES;
            long slot = slots.getLong(at);
            boolean free = position(slot) < 0 || position(slot) >= capacity || slot >>> TAG_SHIFT == tag(key);
            long age = free ? capacity : Math.floorMod(write - position(slot), capacity);
            if (age > greatest) {
                greatest = age;
                chosen = at;
            }
        }
        // The position is stored plus one, so that zero means an empty slot.
        slots.putLong(chosen, tag(key) << TAG_SHIFT | position / SLOT_BYTES + 1);
    }

    private static long position(long slot) {
        return ((slot & PLACE) - 1) * SLOT_BYTES;
    }

    /** Keys are digests, so any of their bits are equally suitable. */
    private static long tag(byte[] key) {
        return ByteBuffer.wrap(key).getShort(0) & 0xffffL;
    }

    private int bucket(byte[] key) {
        return Math.floorMod(ByteBuffer.wrap(key).getInt(2), buckets) * SLOTS * SLOT_BYTES;
    }
}
