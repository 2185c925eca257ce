package io.headwater.adapt.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * An exponential histogram of the newest errors: buckets of 1, 2, 4, … errors, at most five of each size, so that a
 * window of any length needs a number of buckets that grows with the logarithm of the length.
 */
final class AdwinWindow {
    private static final int BUCKETS_OF_A_SIZE = 5;

    /**
     * Consecutive errors.
     *
     * @param count how many
     * @param sum their sum
     * @param squares the sum of their squares
     */
    record Bucket(long count, double sum, double squares) {
        static final Bucket NONE = new Bucket(0, 0, 0);

        Bucket plus(Bucket other) {
            return new Bucket(count + other.count, sum + other.sum, squares + other.squares);
        }

        double mean() {
            return sum / count;
        }

        double variance() {
            return Math.max(0, squares / count - mean() * mean());
        }
    }

    /** The oldest first. */
    private final List<Bucket> buckets = new ArrayList<>();

    void add(double error) {
        append(new Bucket(1, error, error * error));
        int end = buckets.size();
        for (long count = 1; end > 0; count *= 2) {
            int start = end;
            while (start > 0 && buckets.get(start - 1).count() == count) {
                start--;
            }
            if (end - start <= BUCKETS_OF_A_SIZE) {
                return;
            }
            buckets.set(start, buckets.get(start).plus(buckets.get(start + 1)));
            buckets.remove(start + 1);
            end = start + 1;
        }
    }

    /** Adds a bucket after the newest one. */
    void append(Bucket bucket) {
        buckets.add(bucket);
    }

    /** Removes the oldest {@code count} buckets. */
    void removeOldest(int count) {
        buckets.subList(0, count).clear();
    }

    List<Bucket> buckets() {
        return buckets;
    }

    Bucket total() {
        return buckets.stream().reduce(Bucket.NONE, Bucket::plus);
    }
}
