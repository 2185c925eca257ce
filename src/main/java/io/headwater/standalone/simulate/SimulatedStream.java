package io.headwater.standalone.simulate;

import java.util.Random;

/**
 * Samples of a scenario: each class is a Gaussian with unit variance around a mean of its own. A sample depends on the
 * seed and its number only. The class names are "c0", "c1" and so on.
 */
final class SimulatedStream {
    /** Expected distance between the means of two classes, in standard deviations of a feature. */
    private static final double DISTANCE = 4;

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
    private static final int JUDGED = 1000;

    private final Scenario scenario;
    private final int samples;
    private final long seed;
    private final double[][] means;

    SimulatedStream(Scenario scenario, int samples, int classes, int features, long seed) {
        this.scenario = scenario;
        this.samples = samples;
        this.seed = seed;
        means = new double[classes][features];
        Random random = new Random(seed);
        for (double[] mean : means) {
            for (int f = 0; f < features; f++) {
                mean[f] = random.nextGaussian() * DISTANCE / Math.sqrt(2.0 * features);
            }
        }
    }

    /** Features with the name of their class. */
    record Draw(float[] features, String name) {}

    /** Returns a sample of the stream, as a producer sends it. */
    Draw sample(int number) {
        StreamMoment moment = moment(number);
        Random random = new Random(seed + MULTIPLIER * (number + 1));
        int source = choose(moment.proportions(), random);
        boolean turned = random.nextDouble() < moment.turned();
        int label = label(source, turned);
        double fault = random.nextDouble();
        if (fault < moment.random()) {
            label = random.nextInt(means.length);
        } else if (fault < moment.random() + moment.poisoned()) {
            label = (label + 1) % means.length;
        }
        return new Draw(features(source, random), "c" + label);
    }

    /** Returns whether the stream changes with a sample. */
    boolean changesWith(int number) {
        return number > 0 && moment(number).differsFrom(moment(number - 1));
    }

    /** Returns the samples by which versions are judged after {@code number} samples: none of them is in the stream. */
    Draw[] judged(int number) {
        StreamMoment moment = moment(Math.max(0, number - 1));
        Random random = new Random(~seed);
        Draw[] draws = new Draw[JUDGED];
        for (int i = 0; i < JUDGED; i++) {
            int source = choose(moment.judged(), random);
            draws[i] = new Draw(features(source, random), "c" + label(source, moment.judgedTurned()));
        }
        return draws;
    }

    private StreamMoment moment(int number) {
        return scenario.at((double) number / samples, means.length);
    }

    private int label(int source, boolean turned) {
        return turned ? (source + 1) % means.length : source;
    }

    private static int choose(double[] proportions, Random random) {
        double left = random.nextDouble();
        int last = 0;
        for (int i = 0; i < proportions.length; i++) {
            if (proportions[i] > 0) {
                last = i;
                left -= proportions[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    private float[] features(int source, Random random) {
        float[] features = new float[means[source].length];
        for (int f = 0; f < features.length; f++) {
            features[f] = (float) (means[source][f] + random.nextGaussian());
        }
        return features;
    }
}
