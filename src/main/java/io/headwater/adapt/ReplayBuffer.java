package io.headwater.adapt;

import io.headwater.engine.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Remembers features of past samples so that all classes are remembered alike: class-balancing reservoir sampling
 * (Chrysakis, Moens: Online Continual Learning from Imbalanced Data, ICML 2020).
 */
final class ReplayBuffer {
    private final int capacity;
    private final List<List<float[]>> classes = new ArrayList<>();
    private int[] seen = new int[0];
    private int size;

    ReplayBuffer(int capacity) {
        this.capacity = capacity;
    }

    /**
     * A buffer as it was when {@code remembered} and {@code seen} were read off another. A smaller capacity lets go of the
     * newest places of the largest classes.
     */
    static ReplayBuffer restore(int capacity, List<Remembered> remembered, int[] seen) {
        ReplayBuffer buffer = new ReplayBuffer(capacity);
        buffer.seen = seen.clone();
        for (Remembered one : remembered) {
            buffer.membersOf(one.label()).add(one.features());
            buffer.size++;
        }
        for (; buffer.size > capacity; buffer.size--) {
            List<float[]> largest = buffer.classes.get(buffer.largestClass());
            largest.remove(largest.size() - 1);
        }
        return buffer;
    }

    /** Offers a sample; one that is taken when there is no room left replaces another. */
    void add(float[] features, int label, SplitMix64 random) {
        if (capacity == 0) {
            return;
        }
        List<float[]> members = membersOf(label);
        seen[label]++;
        if (size < capacity) {
            members.add(features);
            size++;
            return;
        }
        List<float[]> largest = classes.get(largestClass());
        // A class that is one place short gets none: where the capacity is no multiple of the classes some class always
        // is, and taking every sample of it in turn would push the early ones out of all of them.
        if (members.isEmpty() || members.size() + 1 < largest.size()) {
            largest.remove(random.nextInt(largest.size()));
            members.add(features);
        } else if (random.nextInt(seen[label]) < members.size()) {
            members.set(random.nextInt(members.size()), features);
        }
    }

    /** Up to {@code count} remembered samples: each first chooses a class, then one of its members. */
    List<Remembered> sample(int count, SplitMix64 random) {
        int[] present = presentClasses();
        int n = Math.min(count, size);
        List<Remembered> chosen = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            int label = present[random.nextInt(present.length)];
            List<float[]> members = classes.get(label);
            chosen.add(new Remembered(members.get(random.nextInt(members.size())), label));
        }
        return chosen;
    }

    /** Everything remembered, by class, in an order that {@link #restore} brings back. */
    List<Remembered> contents() {
        List<Remembered> all = new ArrayList<>(size);
        for (int label = 0; label < classes.size(); label++) {
            for (float[] features : classes.get(label)) {
                all.add(new Remembered(features, label));
            }
        }
        return all;
    }

    /** How many samples of each class were ever offered. */
    int[] seen() {
        return seen.clone();
    }

    int size() {
        return size;
    }

    private List<float[]> membersOf(int label) {
        while (classes.size() <= label) {
            classes.add(new ArrayList<>());
        }
        if (seen.length <= label) {
            seen = Arrays.copyOf(seen, label + 1);
        }
        return classes.get(label);
    }

    private int largestClass() {
        int largest = 0;
        for (int label = 1; label < classes.size(); label++) {
            if (classes.get(label).size() > classes.get(largest).size()) {
                largest = label;
            }
        }
        return largest;
    }

    private int[] presentClasses() {
        return IntStream.range(0, classes.size())
                .filter(label -> !classes.get(label).isEmpty())
                .toArray();
    }
}
