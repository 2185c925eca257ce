package io.headwater.domain;

/**
 * A range of offsets of a partition.
 *
 * @param from the first offset, at least 0
 * @param to the offset after the last one, greater than {@code from}
 */
public record OffsetRange(long from, long to) {
    public OffsetRange {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "a range of offsets must rise from at least 0, but is " + from + " to " + to);
        }
    }

    /** Returns whether {@code offset} is in this range. */
    public boolean contains(long offset) {
        return offset >= from && offset < to;
    }
}
