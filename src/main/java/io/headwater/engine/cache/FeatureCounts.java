package io.headwater.engine.cache;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How often features were found, in one cache or in all of a process. Thread-safe. */
final class FeatureCounts {
    private final @Nullable FeatureCounts all;
    private final AtomicLong memoryHits = new AtomicLong();
    private final AtomicLong fileHits = new AtomicLong();
    private final AtomicLong fileMisses = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();

    /**
     * Creates an instance with nothing counted.
     *
     * @param all counts everything, too; null for none
     */
    FeatureCounts(@Nullable FeatureCounts all) {
        this.all = all;
    }

    /** Counts features that were found in memory. */
    void inMemory() {
        memoryHits.incrementAndGet();
        if (all != null) {
            all.inMemory();
        }
    }

    /** Counts features that were found in the file. */
    void inFile() {
        fileHits.incrementAndGet();
        if (all != null) {
            all.inFile();
        }
    }

    /** Counts features that were not found, neither in memory nor in the file if there is one. */
    void missing(boolean hasFile) {
        misses.incrementAndGet();
        if (hasFile) {
            fileMisses.incrementAndGet();
        }
        if (all != null) {
            all.missing(hasFile);
        }
    }

    long memoryHits() {
        return memoryHits.get();
    }

    long fileHits() {
        return fileHits.get();
    }

    long fileMisses() {
        return fileMisses.get();
    }

    long misses() {
        return misses.get();
    }
}
