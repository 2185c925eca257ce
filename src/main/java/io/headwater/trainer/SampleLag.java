package io.headwater.trainer;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Measures how far a trainer is behind the samples of its partitions. The difference of offsets is not the number of samples:
 * each transaction of a producer ends with a marker, which has an offset, too. Used by the trainer's thread only.
 */
final class SampleLag {
    private final String adaptation;
    private final InstantSource clock;
    private final TrainerListener listener;
    private final Map<Integer, Behind> partitions = new TreeMap<>();

    SampleLag(String adaptation, InstantSource clock, TrainerListener listener) {
        this.adaptation = adaptation;
        this.clock = clock;
        this.listener = listener;
    }

    /** A sample that was read and is not part of a committed checkpoint. */
    private record Read(long offset, long timestamp) {}

    private static final class Behind {
        private final Deque<Read> read = new ArrayDeque<>();
        private long first = -1;
        private long position = -1;
        private long end = -1;
        private long records;
        private @Nullable Instant noticed;
        private @Nullable Backlog told;

        private void moveTo(long offset) {
            if (first < 0) {
                first = offset;
            }
            position = Math.max(position, offset);
        }

        private long unread() {
            long offsets = position < 0 ? 0 : Math.max(0, end - position);
            long passed = position - first;
            double share = passed > 0 && records > 0 ? Math.min(1, (double) records / passed) : 1;
            return (long) Math.ceil(offsets * share);
        }
    }

    /** Begins or, when the partition is restored, begins anew to measure a partition. */
    void begun(int partition) {
        partitions.put(partition, new Behind());
    }

    /** Ends to measure a partition. */
    void released(int partition) {
        if (partitions.remove(partition) != null) {
            listener.unassigned(adaptation, partition);
        }
    }

    /** Ends to measure all partitions. */
    void close() {
        List.copyOf(partitions.keySet()).forEach(this::released);
    }

    Collection<Integer> partitions() {
        return partitions.keySet();
    }

    /** Notes samples that were read; those that are read again count once. */
    void read(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Behind behind = partitions.get(partition);
        if (behind == null || records.isEmpty()) {
            return;
        }
        long from = records.get(0).offset();
        while (!behind.read.isEmpty() && behind.read.getLast().offset() >= from) {
            behind.read.removeLast();
            behind.records--;
        }
        behind.moveTo(from);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            behind.read.addLast(new Read(record.offset(), record.timestamp()));
        }
        behind.records += records.size();
        behind.moveTo(records.get(records.size() - 1).offset() + 1);
    }

    /** Notes that all samples before {@code offset} are part of a committed checkpoint. */
    void committed(int partition, long offset) {
        Behind behind = partitions.get(partition);
        if (behind == null || offset < 0) {
            return;
        }
        while (!behind.read.isEmpty() && behind.read.getFirst().offset() < offset) {
            behind.read.removeFirst();
        }
        behind.moveTo(offset);
    }

    /** Notes the end of the committed samples of a partition. */
    void endsAt(int partition, long end) {
        Behind behind = partitions.get(partition);
        if (behind != null) {
            behind.end = end;
        }
    }

    /**
     * Tells the listener what has changed.
     *
     * @param positions returns the offset up to which a partition was fetched, with the markers behind the last sample; -1 when
     *     it is not known
     */
    void tell(IntToLongFunction positions) {
        partitions.forEach((partition, behind) -> {
            long position = positions.applyAsLong(partition);
            if (position >= 0) {
                behind.moveTo(position);
            }
            Backlog backlog = backlog(partition, behind);
            if (!backlog.equals(behind.told)) {
                behind.told = backlog;
                listener.behind(backlog);
            }
        });
    }

    private Backlog backlog(int partition, Behind behind) {
        long unread = behind.unread();
        Instant oldest;
        if (!behind.read.isEmpty()) {
            behind.noticed = null;
            oldest = Instant.ofEpochMilli(behind.read.getFirst().timestamp());
        } else if (unread > 0) {
            oldest = behind.noticed == null ? clock.instant() : behind.noticed;
            behind.noticed = oldest;
        } else {
            behind.noticed = null;
            oldest = null;
        }
        return new Backlog(adaptation, partition, behind.read.size() + unread, oldest);
    }
}
