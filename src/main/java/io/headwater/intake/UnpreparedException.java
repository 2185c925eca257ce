package io.headwater.intake;

import io.headwater.domain.OffsetRange;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Records could not be prepared because the preparation failed or blocks; one of them may be the cause. */
public final class UnpreparedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Map<TopicPartition, OffsetRange> ranges;
    private final boolean blocks;

    private UnpreparedException(
            Map<TopicPartition, OffsetRange> ranges, boolean blocks, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.ranges = ranges;
        this.blocks = blocks;
    }

    static UnpreparedException failed(Map<TopicPartition, OffsetRange> ranges, ExecutionException failure) {
        Throwable cause = failure.getCause();
        return new UnpreparedException(
                ranges, false, "%s cannot be prepared: %s".formatted(text(ranges), cause), cause);
    }

    static UnpreparedException overdue(Map<TopicPartition, OffsetRange> ranges, Duration patience) {
        return new UnpreparedException(
                ranges,
                true,
                "the preparation of %s takes more than %d s".formatted(text(ranges), patience.toSeconds()),
                null);
    }

    private static String text(Map<TopicPartition, OffsetRange> ranges) {
        return ranges.entrySet().stream()
                .map(range -> "the records at the offsets %d to %d of %s"
                        .formatted(range.getValue().from(), range.getValue().to() - 1, range.getKey()))
                .collect(Collectors.joining(" and "));
    }

    /** Returns the offsets of the records by partition. */
    Map<TopicPartition, OffsetRange> ranges() {
        return ranges;
    }

    /** Returns whether the thread that prepares them is blocked. */
    boolean blocks() {
        return blocks;
    }
}
