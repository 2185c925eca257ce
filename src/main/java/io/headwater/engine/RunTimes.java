package io.headwater.engine;

import java.util.concurrent.atomic.LongAdder;

/** How often a model was run, on how many inputs, and for how long. Safe for use by several threads. */
public final class RunTimes {
    private final LongAdder runs = new LongAdder();
    private final LongAdder inputs = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** Adds a run on {@code count} inputs that began at {@code begun}, a time of {@link System#nanoTime}. */
    public void add(int count, long begun) {
        nanos.add(System.nanoTime() - begun);
        inputs.add(count);
        runs.increment();
    }

    /** Returns the number of runs. */
    public long runs() {
        return runs.sum();
    }

    /** Returns the number of inputs of all runs together. */
    public long inputs() {
        return inputs.sum();
    }

    /** Returns the time of all runs together in nanoseconds; several may have run at the same time. */
    public long nanos() {
        return nanos.sum();
    }
}
