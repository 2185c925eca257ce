package io.headwater.bench.learner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Training samples of a set in the order of their arrival.
 *
 * @param set where the samples are from
 * @param samples index of each sample in the set's training samples
 * @param labels class with which each sample arrives, which may be another than that of the set
 */
public record SampleStream(FeatureSet set, int[] samples, int[] labels) {

    /** Returns a stream with the labels of the set. */
    static SampleStream of(FeatureSet set, int[] samples) {
        return new SampleStream(
                set,
                samples,
                Arrays.stream(samples).map(i -> set.train().labels()[i]).toArray());
    }

    /** Returns all samples in random order. */
    public static SampleStream shuffled(FeatureSet set, long seed) {
        return of(set, permutation(set.train().size(), seed));
    }

    /**
     * Returns up to {@code count} random samples of each class, in random order. Where one class is far rarer than
     * another, it returns as many samples in all, in the proportions of the set.
     */
    static SampleStream perClass(FeatureSet set, int count, long seed) {
        if (set.isImbalanced()) {
            int most = Math.min(set.train().size(), count * set.classes().size());
            return shuffled(set, seed).between(0, most);
        }
        int[] taken = new int[set.classes().size()];
        return of(
                set,
                Arrays.stream(permutation(set.train().size(), seed))
                        .filter(i -> taken[set.train().labels()[i]]++ < count)
                        .toArray());
    }

    /** Returns {@code size} samples: all in random order, and again in another order, as often as needed. */
    public static SampleStream repeated(FeatureSet set, int size, long seed) {
        int once = set.train().size();
        int[] samples = new int[size];
        for (int from = 0; from < size; from += once) {
            int[] pass = permutation(once, seed + from);
            System.arraycopy(pass, 0, samples, from, Math.min(once, size - from));
        }
        return of(set, samples);
    }

    private static int[] permutation(int size, long seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the same samples sorted by {@code keys}, which holds a key for each sample of the set. */
    SampleStream sortedBy(int[] keys) {
        return at(IntStream.range(0, size())
                .boxed()
                .sorted((a, b) -> Integer.compare(keys[samples[a]], keys[samples[b]]))
                .mapToInt(Integer::intValue)
                .toArray());
    }

    /** Returns the samples from position {@code from} to before {@code to}. */
    SampleStream between(int from, int to) {
        return at(IntStream.range(from, to).toArray());
    }

    private SampleStream at(int[] positions) {
        return new SampleStream(
                set,
                Arrays.stream(positions).map(i -> samples[i]).toArray(),
                Arrays.stream(positions).map(i -> labels[i]).toArray());
    }

    /**
     * Returns the same samples, of which {@code share} between two positions have a random other label.
     *
     * @param from first position that may change
     * @param to position after the last that may change
     */
    SampleStream withNoise(double share, int from, int to, long seed) {
        Random random = new Random(seed);
        int[] noisy = labels.clone();
        for (int i = from; i < to; i++) {
            if (random.nextDouble() < share) {
                noisy[i] = (noisy[i] + 1 + random.nextInt(set.classes().size() - 1))
                        % set.classes().size();
            }
        }
        return new SampleStream(set, samples, noisy);
    }

    /** Returns the same samples; from position {@code from} on, each class is called by the name of the next one. */
    public SampleStream rotatedFrom(int from) {
        int[] rotated = labels.clone();
        for (int i = from; i < rotated.length; i++) {
            rotated[i] = rotated(rotated[i]);
        }
        return new SampleStream(set, samples, rotated);
    }

    /** Returns the class by whose name {@link #rotatedFrom} calls the class {@code label}. */
    public int rotated(int label) {
        return (label + 1) % set.classes().size();
    }

    /** Returns the number of samples. */
    public int size() {
        return samples.length;
    }
}
