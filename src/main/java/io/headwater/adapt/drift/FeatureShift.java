package io.headwater.adapt.drift;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;

/**
 * Detects that the distribution of features has changed, without labels: the means of random features of the newest 100
 * samples against those of 500 reference samples, the first ones since the start or the last drift. It compares every 25
 * samples.
 *
 * <p>The squared distances of the means, weighted by n m / (n + m) and summed over all groups, have a known mean and
 * variance if nothing has changed, which follow from the covariance within the groups of the reference. A gamma
 * distribution with these two moments (Satterthwaite 1946) turns them into a number of standard deviations (Wilson and
 * Hilferty 1931), the statistic. Covariances that differ much between classes, such as those of heavy-tailed features,
 * make false alarms of class means more frequent. Not thread-safe.
 */
public final class FeatureShift {
    private static final int REFERENCE = 500;
    private static final int RECENT = 100;
    private static final int EVERY = 25;
    private static final double WARNING = 4;
    private static final double DRIFT = 5;
    private static final String COUNTS = "counts";
    private static final String SCALE = "scale";
    private static final String REFERENCE_MEANS = "reference";
    private static final String RECENT_FEATURES = "recent";
    private static final String RECENT_GROUPS = "groups";

    private final int features;
    private final RandomFeatures random;
    private FeatureScale scale;
    private GroupMeans reference = new GroupMeans();
    private int referenceSamples;
    private long recentSamples;

    /** Rings of the newest samples. */
    private final float[] recent = new float[RECENT * RandomFeatures.SIZE];

    private final int[] recentGroups = new int[RECENT];

    private FeatureShift(int features, boolean fourier) {
        this.features = features;
        this.random = new RandomFeatures(features, fourier);
        this.scale = new FeatureScale(features);
    }

    /** Returns a detector of all changes of the distribution: the maximum mean discrepancy of a Gaussian kernel. */
    public static FeatureShift maximumMeanDiscrepancy(int features) {
        return new FeatureShift(features, true);
    }

    /** Returns a detector of changes of the means of the features, in all samples or in each group. */
    public static FeatureShift means(int features) {
        return new FeatureShift(features, false);
    }

    /**
     * Adds a sample.
     *
     * @param sample its features
     * @param group 0, or the class of the sample, of which detectors of means know whether it has moved; a change of the
     *     frequencies of classes is then no drift
     */
    public DriftReading add(float[] sample, int group) {
        if (sample.length != features || group < 0) {
            throw new IllegalArgumentException(
                    "a sample must have %d features and a group of at least 0, but has %d and group %d"
                            .formatted(features, sample.length, group));
        }
        if (!scale.known()) {
            scale.add(sample);
            return DriftReading.none(DRIFT);
        }
        float[] projected = random.of(scale.standardised(sample));
        if (referenceSamples < REFERENCE) {
            reference.add(projected, group);
            referenceSamples++;
            return DriftReading.none(DRIFT);
        }
        int place = (int) (recentSamples % RECENT);
        System.arraycopy(projected, 0, recent, place * RandomFeatures.SIZE, RandomFeatures.SIZE);
        recentGroups[place] = group;
        recentSamples++;
        if (recentSamples < RECENT || recentSamples % EVERY != 0) {
            return DriftReading.none(DRIFT);
        }
        DriftReading reading = DriftReading.of(deviation(), WARNING, DRIFT, RECENT);
        if (reading.level() == DriftLevel.DRIFT) {
            reference = new GroupMeans();
            referenceSamples = 0;
            recentSamples = 0;
        }
        return reading;
    }

    private double deviation() {
        GroupMeans newest = new GroupMeans();
        for (int i = 0; i < RECENT; i++) {
            float[] row = new float[RandomFeatures.SIZE];
            System.arraycopy(recent, i * RandomFeatures.SIZE, row, 0, row.length);
            newest.add(row, recentGroups[i]);
        }
        double distance = 0;
        int compared = 0;
        for (int group = 0; group < newest.groups(); group++) {
            double n = newest.count(group);
            double m = reference.count(group);
            if (n > 0 && m > 0) {
                compared++;
                for (int i = 0; i < RandomFeatures.SIZE; i++) {
                    double difference = newest.mean(group, i) - reference.mean(group, i);
                    distance += n * m / (n + m) * difference * difference;
                }
            }
        }
        double[] traces = reference.traces();
        double expected = compared * traces[0];
        return expected > 0 ? standard(distance / expected, compared * traces[0] * traces[0] / traces[1]) : 0;
    }

    /** Returns how many standard deviations the ratio of a chi-squared number to its degrees of freedom is away from 1. */
    private static double standard(double ratio, double freedom) {
        double spread = 2 / (9 * freedom);
        return (StrictMath.cbrt(ratio) - 1 + spread) / Math.sqrt(spread);
    }

    /** Writes the state, without the kind of the detector. */
    public void write(SectionWriter section) {
        section.doubles(COUNTS, new double[] {referenceSamples, recentSamples, reference.groups()});
        section.doubles(SCALE, scale.state());
        section.doubles(REFERENCE_MEANS, reference.state());
        section.floats(RECENT_FEATURES, recent.clone());
        section.ints(RECENT_GROUPS, recentGroups.clone());
    }

    /** Continues from the state in {@code section}, which a detector of the same kind wrote. */
    public void restore(SectionReader section) {
        double[] counts = section.doubles(COUNTS, 3);
        referenceSamples = (int) counts[0];
        recentSamples = (long) counts[1];
        int groups = (int) counts[2];
        scale = FeatureScale.restore(section.doubles(SCALE, features + 2));
        reference = GroupMeans.restore(section.doubles(REFERENCE_MEANS, GroupMeans.stateSize(groups)), groups);
        System.arraycopy(section.floats(RECENT_FEATURES), 0, recent, 0, recent.length);
        System.arraycopy(section.ints(RECENT_GROUPS), 0, recentGroups, 0, recentGroups.length);
    }
}
