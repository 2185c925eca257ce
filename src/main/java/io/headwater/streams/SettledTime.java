package io.headwater.streams;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The time of the stream up to which everything has had time to arrive. Labels take a way of their own, over the partitions of
 * their domains, so that a request of a later time can be read before a label of an earlier one. What the stream has reached, and
 * what {@link LabelProgress} says of the labels, therefore counts only after a while of real time.
 */
final class SettledTime {
    /** Enough to read a label that has been moved, and what was moved before it. */
    static final Duration SETTLING = Duration.ofSeconds(30);

    /** Nothing has had time to arrive. */
    static final long NONE = -1;

    private final Duration settling;
    private final Deque<Reached> reached = new ArrayDeque<>();

    /** The stream had reached {@code stream} at {@code wall}, both in milliseconds since the epoch. */
    private record Reached(long wall, long stream) {}

    /** Creates a time that has not begun; what the stream reaches counts after {@code settling}. */
    SettledTime(Duration settling) {
        this.settling = settling;
    }

    /**
     * Returns the time that the stream had reached so long ago that everything before has arrived; {@link #NONE} when that is not known.
     *
     * @param wall the time now; when it goes back, the settling begins again
     * @param stream the time that the stream and its labels have reached; negative when it is not known
     */
    long at(long wall, long stream) {
        if (!reached.isEmpty() && reached.getLast().wall() > wall) {
            reached.clear();
        }
        reached.addLast(new Reached(wall, stream));
        long settled = wall - settling.toMillis();
        long time = NONE;
        while (!reached.isEmpty() && reached.getFirst().wall() <= settled) {
            time = reached.removeFirst().stream();
        }
        if (time != NONE) {
            reached.addFirst(new Reached(settled, time));
        }
        return time;
    }
}
