package io.headwater.adapt.memory;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/** Makes the samples of one class samples of another one. Equal samples stay the same object, which checkpoints store once. */
public final class Relabelling {
    private final int from;
    private final int to;
    private final Map<StoredSample, StoredSample> done = new IdentityHashMap<>();

    Relabelling(int from, int to) {
        this.from = from;
        this.to = to;
    }

    /** Returns the class whose samples change. */
    public int from() {
        return from;
    }

    /** Returns the class that they become. */
    public int to() {
        return to;
    }

    /** Returns a sample of the new class, or the same sample when it is of another class. */
    public StoredSample apply(StoredSample sample) {
        return sample.stratum() == from
                ? done.computeIfAbsent(
                        sample,
                        old -> new StoredSample(
                                old.features(), new float[] {to}, to, old.number(), old.next(), old.logits()))
                : sample;
    }

    /** Returns numbers of samples of each class, with those of the class added to those of the other one. */
    public int[] applyToCounts(int[] counts) {
        if (from >= counts.length || counts[from] == 0) {
            return counts;
        }
        int[] moved = Arrays.copyOf(counts, Math.max(counts.length, to + 1));
        moved[to] += moved[from];
        moved[from] = 0;
        return moved;
    }
}
