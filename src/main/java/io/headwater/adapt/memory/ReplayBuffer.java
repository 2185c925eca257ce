package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Remembers past samples so that all strata, which are the classes where there are classes, are remembered alike:
 * class-balancing reservoir sampling (Chrysakis, Moens: Online Continual Learning from Imbalanced Data, ICML 2020).
 */
final class ReplayBuffer {
    private final int capacity;
    private final List<List<StoredSample>> strata = new ArrayList<>();
    private int[] seen = new int[0];
    private int size;

    ReplayBuffer(int capacity) {
        this.capacity = capacity;
    }

    /**
     * A buffer as it was when {@code remembered} and {@code seen} were read off another. A smaller capacity lets go of the
     * newest places of the largest strata.
     */
    static ReplayBuffer restore(int capacity, List<StoredSample> remembered, int[] seen) {
        ReplayBuffer buffer = new ReplayBuffer(capacity);
        buffer.seen = seen.clone();
        for (StoredSample one : remembered) {
            buffer.membersOf(one.stratum()).add(one);
            buffer.size++;
        }
        for (; buffer.size > capacity; buffer.size--) {
            List<StoredSample> largest = buffer.strata.get(buffer.largestStratum());
            largest.remove(largest.size() - 1);
        }
        return buffer;
    }

    static ReplayBuffer read(int capacity, SectionReader section, int outputs) {
        return restore(capacity, StoredSamples.read(section, outputs), section.ints("seen"));
    }

    void write(SectionWriter section) {
        StoredSamples.write(section, contents());
        section.ints("seen", seen);
    }

    /** Offers a sample; one that is taken when there is no room left replaces another. */
    void add(StoredSample one, SplitMix64 random) {
        if (capacity == 0) {
            return;
        }
        List<StoredSample> members = membersOf(one.stratum());
        seen[one.stratum()]++;
        if (size < capacity) {
            members.add(one);
            size++;
            return;
        }
        List<StoredSample> largest = strata.get(largestStratum());
        // A stratum that is one place short gets none: where the capacity is no multiple of the strata some one always
        // is, and taking every sample of it in turn would push the early ones out of all of them.
        if (members.isEmpty() || members.size() + 1 < largest.size()) {
            largest.remove(random.nextInt(largest.size()));
            members.add(one);
        } else if (random.nextInt(seen[one.stratum()]) < members.size()) {
            members.set(random.nextInt(members.size()), one);
        }
    }

    /** Up to {@code count} remembered samples: each first chooses a stratum, then one of its members. */
    List<StoredSample> sample(int count, SplitMix64 random) {
        int[] present = presentStrata();
        int n = Math.min(count, size);
        List<StoredSample> chosen = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            List<StoredSample> members = strata.get(present[random.nextInt(present.length)]);
            chosen.add(members.get(random.nextInt(members.size())));
        }
        return chosen;
    }

    /** Everything remembered, by stratum, in an order that {@link #restore} brings back. */
    List<StoredSample> contents() {
        List<StoredSample> all = new ArrayList<>(size);
        strata.forEach(all::addAll);
        return all;
    }

    /** How many samples of each stratum were ever offered. */
    int[] seen() {
        return seen.clone();
    }

    int size() {
        return size;
    }

    private List<StoredSample> membersOf(int stratum) {
        while (strata.size() <= stratum) {
            strata.add(new ArrayList<>());
        }
        if (seen.length <= stratum) {
            seen = Arrays.copyOf(seen, stratum + 1);
        }
        return strata.get(stratum);
    }

    private int largestStratum() {
        int largest = 0;
        for (int stratum = 1; stratum < strata.size(); stratum++) {
            if (strata.get(stratum).size() > strata.get(largest).size()) {
                largest = stratum;
            }
        }
        return largest;
    }

    private int[] presentStrata() {
        return IntStream.range(0, strata.size())
                .filter(stratum -> !strata.get(stratum).isEmpty())
                .toArray();
    }
}
