package io.headwater.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * The bounds that hold while one input is read. Memory is the sum of what the reading thread allocates, which is at least
 * what it needs at one time; time is that which the thread spends on a processor. That grows a little with what else the machine
 * does, as processors share caches and cores. Where {@link ReferenceWork} needs longer right afterwards, the bound of time is longer
 * in the same proportion.
 */
final class ReaderBounds {
    /** The bounds are promised for inputs of at most this many bytes. */
    static final int MAX_INPUT = 1_000_000;

    /** Where a slow machine must not matter, the bound of time is so many times as long; 1 if it is not given. */
    private static final int PATIENCE = Integer.getInteger("fuzz.patience", 1);

    private static final long MAX_NANOSECONDS = 2_000_000_000L * PATIENCE;
    /** The first attempt may load classes and run code that is not compiled yet. */
    private static final int ATTEMPTS = 5;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ReaderBounds() {}

    /** Reads bytes, and returns normally also when they are refused as documented. */
    interface Reader {
        void read(byte[] bytes) throws IOException;
    }

    /** Runs {@code reader}, and fails if it takes too long or allocates more than {@code maxAllocated} bytes. */
    static void check(byte[] bytes, long maxAllocated, Reader reader) throws IOException {
        long allocated = Long.MAX_VALUE;
        long nanoseconds = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && (allocated > maxAllocated || nanoseconds > MAX_NANOSECONDS); i++) {
            long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
            long before = THREADS.getCurrentThreadCpuTime();
            reader.read(bytes);
            long spent = THREADS.getCurrentThreadCpuTime() - before;
            allocated = Math.min(allocated, THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore);
            nanoseconds =
                    Math.min(nanoseconds, spent > MAX_NANOSECONDS ? (long) (spent / ReferenceWork.slowness()) : spent);
        }
        assertThat(allocated).as("bytes allocated for %d", bytes.length).isLessThanOrEqualTo(maxAllocated);
        assertThat(nanoseconds)
                .as("nanoseconds of the reference machine for %d bytes", bytes.length)
                .isLessThanOrEqualTo(MAX_NANOSECONDS);
    }
}
