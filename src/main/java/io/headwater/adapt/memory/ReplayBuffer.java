package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A buffer of past samples that keeps equally many samples of each stratum; for classification, the strata are the
 * classes. The algorithm is class-balancing reservoir sampling (Chrysakis, Moens: Online Continual Learning from
 * Imbalanced Data, ICML 2020).
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
     * Restores a buffer from {@link #contents} and {@link #seen} of another buffer. If the capacity is smaller, the
     * last samples of the largest strata are dropped.
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

    /** Returns a buffer of the same samples, which have no numbers in the lane that starts with it. */
    ReplayBuffer ofOtherLane() {
        return restore(
                capacity, contents().stream().map(StoredSample::ofOtherLane).toList(), seen);
    }

    /** Offers a sample. When the buffer is full and accepts the sample, the sample replaces another one. */
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
        // A stratum that has only one sample fewer than the largest does not grow. If the capacity is not a multiple of
        // the number of strata, there is always such a stratum, and accepting all of its samples would in turn displace
        // the early samples of all strata.
        if (members.isEmpty() || members.size() + 1 < largest.size()) {
            largest.remove(random.nextInt(largest.size()));
            members.add(one);
        } else if (random.nextInt(seen[one.stratum()]) < members.size()) {
            members.set(random.nextInt(members.size()), one);
        }
    }

    /** Removes one sample that is the same as {@code sample}, and returns it; empty when there was none. */
    Optional<StoredSample> forget(StoredSample sample) {
        List<StoredSample> members = membersOf(sample.stratum());
        Optional<StoredSample> removed = StoredSamples.removeOne(members, sample);
        size -= removed.isPresent() ? 1 : 0;
        seen[sample.stratum()] = Math.max(members.size(), seen[sample.stratum()] - 1);
        return removed;
    }

    /** Removes the sample of a number, which was offered for this stratum; returns whether the buffer had it. */
    boolean forget(int stratum, long number) {
        List<StoredSample> members = membersOf(stratum);
        boolean removed = members.removeIf(sample -> sample.number() == number);
        size -= removed ? 1 : 0;
        seen[stratum] = Math.max(members.size(), seen[stratum] - 1);
        return removed;
    }

    /**
     * Removes the samples with a smaller number than {@code number}; those that remain are as if no others had ever been
     * offered.
     *
     * @return how many were removed
     */
    int forgetBefore(long number) {
        int before = size;
        strata.forEach(members -> members.removeIf(sample -> sample.number() < number));
        seen = sizes();
        size = Arrays.stream(seen).sum();
        return before - size;
    }

    /** Makes the samples of one stratum samples of another one, behind those that this has. */
    void relabel(Relabelling relabelling) {
        List<StoredSample> from = membersOf(relabelling.from());
        from.stream().map(relabelling::apply).forEach(membersOf(relabelling.to())::add);
        from.clear();
        seen = relabelling.applyToCounts(seen);
    }

    /** Removes all samples of a stratum. */
    void drop(int stratum) {
        List<StoredSample> members = membersOf(stratum);
        size -= members.size();
        members.clear();
        seen[stratum] = 0;
    }

    /** Returns the number of samples in the buffer of each stratum. */
    int[] sizes() {
        return strata.stream().mapToInt(List::size).toArray();
    }

    /**
     * Returns up to {@code count} samples; for each, first a stratum and then a sample of this stratum is chosen at
     * random.
     */
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

    /** Returns all samples, grouped by stratum, in an order from which {@link #restore} restores the buffer. */
    List<StoredSample> contents() {
        List<StoredSample> all = new ArrayList<>(size);
        strata.forEach(all::addAll);
        return all;
    }

    /** Returns the total number of samples offered for each stratum. */
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
