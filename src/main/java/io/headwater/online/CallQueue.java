package io.headwater.online;

import io.headwater.online.CallResult.Cause;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for an answer, in the order in which they came. It holds a bounded number of requests, and no more than can be
 * answered in a bounded time; what comes when it is full is turned away at once, so that those that wait are answered in time. Safe for
 * use by several threads.
 *
 * <p>A batch is what waits when the one before is done: no request waits for others to come, and the more wait, the larger batches
 * become.
 */
public final class CallQueue {
    /** Largest number of requests in a batch, and in a call. */
    public static final int MOST = 64;

    /** Requests over which the time for one is averaged, so that a single slow batch does not turn many away. */
    private static final double MEMORY = 4.0 * MOST;

    private final int capacity;
    private final Duration longest;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<Call> calls = new ArrayDeque<>();
    private int waiting;
    /** Requests of the batch that is being answered. */
    private int underWay;

    private long takenAt;
    /** The time for one request in nanoseconds, as the last ones took it; it begins with 0, so that a slow first one turns nobody away. */
    private double each;

    private @Nullable String closed;

    /**
     * Creates a queue that is closed.
     *
     * @param capacity how many requests may wait, at least {@value #MOST}
     * @param longest how long a request may have to wait for those before it; {@value #MOST} may wait in any case
     * @param closed what it waits for before it can be opened
     */
    public CallQueue(int capacity, Duration longest, String closed) {
        this(capacity, longest, closed, System::nanoTime);
    }

    CallQueue(int capacity, Duration longest, String closed, LongSupplier clock) {
        this.capacity = capacity;
        this.longest = longest;
        this.clock = clock;
        this.closed = closed;
    }

    /** Accepts calls from now on. */
    void open() {
        lock.lock();
        try {
            closed = null;
        } finally {
            lock.unlock();
        }
    }

    /** Turns all calls away that wait and that come from now on, for the reason {@code why}. */
    void close(String why) {
        List<Call> rest;
        lock.lock();
        try {
            closed = why;
            rest = new ArrayList<>(calls);
            calls.clear();
            waiting = 0;
        } finally {
            lock.unlock();
        }
        rest.forEach(call -> call.turnAway(Cause.AWAY, why));
    }

    /** Adds a call, or turns it away at once. */
    public void add(Call call) {
        String why;
        Cause cause;
        lock.lock();
        try {
            if (closed != null) {
                why = closed;
                cause = Cause.AWAY;
            } else if (waiting + call.requests().size() > capacity) {
                why = "at most %d requests wait at a time (headwater.api.queue), and %d do; try again"
                        .formatted(capacity, waiting);
                cause = Cause.FULL;
            } else if (waiting >= MOST && each * waiting > longest.toNanos()) {
                why =
                        "a request may have to wait for at most %d ms (headwater.api.wait), but those that wait need about %d ms; try again"
                                .formatted(longest.toMillis(), TimeUnit.NANOSECONDS.toMillis((long) (each * waiting)));
                cause = Cause.FULL;
            } else {
                calls.add(call);
                waiting += call.requests().size();
                arrived.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        call.turnAway(cause, why);
    }

    /**
     * Waits for calls and takes as many as make a batch, at least one; those that are late are turned away instead.
     *
     * @param patience maximum time to wait
     * @return the calls in their order; empty when none came in time
     */
    public List<Call> take(Duration patience) throws InterruptedException {
        List<Call> taken = new ArrayList<>();
        List<Call> late = new ArrayList<>();
        lock.lock();
        try {
            learn();
            long left = patience.toNanos();
            while (calls.isEmpty() && left > 0) {
                left = arrived.awaitNanos(left);
            }
            int size = 0;
            while (!calls.isEmpty() && size + calls.peek().requests().size() <= MOST) {
                Call next = calls.remove();
                waiting -= next.requests().size();
                if (next.isLate()) {
                    late.add(next);
                } else {
                    taken.add(next);
                    size += next.requests().size();
                }
            }
            underWay = size;
            takenAt = clock.getAsLong();
        } finally {
            lock.unlock();
        }
        late.forEach(CallQueue::tooLate);
        return taken;
    }

    /** Learns from the last batch how long a request takes. */
    private void learn() {
        if (underWay > 0) {
            double one = (double) (clock.getAsLong() - takenAt) / underWay;
            each += (one - each) * Math.min(1, underWay / MEMORY);
        }
    }

    /** Turns a call away whose time has passed. */
    static void tooLate(Call call) {
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - call.deadline());
        call.turnAway(
                Cause.LATE,
                "the time for an answer passed %d ms ago, before it was its turn; try again, or allow more time"
                        .formatted(since));
    }
}
