package io.headwater.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * A fixed piece of work that shows how fast a processor is at present. It depends on memory as much as on arithmetic, as
 * readers of files do.
 */
final class ReferenceWork {
    /** Processor time of the work on the machine for which the bounds of time were chosen. */
    private static final long REFERENCE_NANOSECONDS = 80_000_000;
    /** The first attempts run code that is not compiled yet, so that they do not count. */
    private static final int UNCOUNTED = 2;
    /** What disturbs a reader for a second or two disturbs several attempts, so that their mean counts. */
    private static final int COUNTED = 6;

    private static final int ROUNDS = 12_000_000;
    private static final int WORDS = 1 << 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ReferenceWork() {}

    /** Returns how many times as long as on the reference machine the work takes on this one now; at least 1. */
    static double slowness() {
        int[] memory = new int[WORDS];
        long spent = 0;
        for (int i = 0; i < UNCOUNTED + COUNTED; i++) {
            long before = THREADS.getCurrentThreadCpuTime();
            memory[i] = work(memory);
            spent += i < UNCOUNTED ? 0 : THREADS.getCurrentThreadCpuTime() - before;
        }
        return Math.max(1, (double) spent / COUNTED / REFERENCE_NANOSECONDS);
    }

    private static int work(int[] memory) {
        int state = 1;
        for (int i = 0; i < ROUNDS; i++) {
            state = state * 1_103_515_245 + 12_345;
            int at = state >>> 16;
            memory[at] ^= state;
            state += memory[at ^ 1] & 7;
        }
        return state;
    }
}
