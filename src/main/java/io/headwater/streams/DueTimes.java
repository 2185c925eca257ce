package io.headwater.streams;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What is to be done at which time, in the order of the times: keys begin with the time in big-endian order, so that a range of
 * the store is all that is due.
 */
final class DueTimes {
    private static final byte[] PRESENT = {1};
    private static final Kind[] KINDS = Kind.values();

    private final KeyValueStore<Bytes, byte[]> store;

    /** Nothing is due before. A scan from the beginning would have to pass all that was deleted there. */
    private long from;

    DueTimes(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** What there is to do. The order of the constants is part of the state. */
    enum Kind {
        /** The time of a request for its label is over. */
        REQUEST,
        /** The time of a label for its request is over. */
        LABEL,
        /** A changed evaluation is to be published. */
        EVALUATION,
        /** An evaluation cannot change any more. */
        PERIOD
    }

    /**
     * Something that is due.
     *
     * @param time in milliseconds since the epoch
     * @param key of the request or evaluation
     */
    record Due(long time, Kind kind, Bytes key) {}

    /** Schedules {@code kind} for {@code key}; once, if it is scheduled for the same time again. */
    void schedule(long time, Kind kind, Bytes key) {
        store.put(bytes(new Due(time, kind, key)), PRESENT);
        from = Math.min(from, time);
    }

    /**
     * Removes and returns what is due, in the order of the times.
     *
     * @param until time up to which it is due
     * @param most number of them
     */
    List<Due> take(long until, int most) {
        List<Due> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> range = store.range(time(from), time(until + 1))) {
            while (range.hasNext() && due.size() < most) {
                due.add(read(range.next().key));
            }
        }
        due.forEach(one -> store.delete(bytes(one)));
        from = due.size() < most ? until : due.get(most - 1).time();
        return due;
    }

    private static Bytes time(long millis) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(millis).array());
    }

    private static Bytes bytes(Due due) {
        byte[] key = due.key().get();
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + 1 + key.length)
                .putLong(due.time())
                .put((byte) due.kind().ordinal())
                .put(key)
                .array());
    }

    private static Due read(Bytes bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.get());
        long time = buffer.getLong();
        Kind kind = KINDS[buffer.get()];
        return new Due(time, kind, Bytes.wrap(Arrays.copyOfRange(bytes.get(), Long.BYTES + 1, bytes.get().length)));
    }
}
