package io.headwater.trainer;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Records could not be prepared because the preparation failed or blocks; one of them may be the cause. */
final class UnpreparedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int partition;
    private final long first;
    private final long end;
    private final boolean blocks;

    private UnpreparedException(
            int partition, long first, long end, boolean blocks, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.partition = partition;
        this.first = first;
        this.end = end;
        this.blocks = blocks;
    }

    static UnpreparedException failed(int partition, long first, long end, ExecutionException failure) {
        return new UnpreparedException(
                partition,
                first,
                end,
                false,
                "the records at the offsets %d to %d of samples partition %d cannot be prepared: %s"
                        .formatted(first, end - 1, partition, failure.getCause()),
                failure.getCause());
    }

    static UnpreparedException overdue(int partition, long first, long end, Duration patience) {
        return new UnpreparedException(
                partition,
                first,
                end,
                true,
                "the preparation of the records at the offsets %d to %d of samples partition %d takes more than %d s"
                        .formatted(first, end - 1, partition, patience.toSeconds()),
                null);
    }

    int partition() {
        return partition;
    }

    /** Returns the offset of the first record. */
    long first() {
        return first;
    }

    /** Returns the offset after the last record. */
    long end() {
        return end;
    }

    /** Returns whether the thread that prepares them is blocked. */
    boolean blocks() {
        return blocks;
    }
}
