package io.headwater.bench.learner;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Sets that are drawn from mixtures of Gaussians, with the same covariance for all classes unless stated. */
public final class GeneratedSets {
    private static final long SEED = 11;

    private GeneratedSets() {}

    /** 94 classes of 19 training samples each, 128 features. */
    static FeatureSet manyClasses() {
        return mixture("classes-94", 94, 128, 19, 20, 0.23, 1);
    }

    /** Ten classes of 200 training samples each; the units of the 64 features differ by a factor of up to 10,000. */
    static FeatureSet manyUnits() {
        return mixture("units", 10, 64, 200, 100, 0.25, 10_000);
    }

    /** Ten classes of 3,000 training samples each, 64 features: enough for a long stream in which nothing comes twice. */
    public static FeatureSet longStream() {
        return mixture("generated", 10, 64, 3000, 100, 0.25, 1);
    }

    private static FeatureSet mixture(
            String name, int classes, int width, int train, int test, double spread, double units) {
        Random random = new Random(SEED);
        double[][] means = new double[classes][width];
        for (double[] mean : means) {
            for (int j = 0; j < width; j++) {
                mean[j] = spread * random.nextGaussian();
            }
        }
        // Two shared directions of large variance, so that the covariance is not a multiple of the identity.
        double[][] shared = new double[2][width];
        for (double[] direction : shared) {
            for (int j = 0; j < width; j++) {
                direction[j] = random.nextGaussian();
            }
        }
        double[] unit = new double[width];
        for (int j = 0; j < width; j++) {
            unit[j] = Math.pow(units, random.nextDouble() - 0.5);
        }
        return new FeatureSet(
                name,
                IntStream.range(0, classes).mapToObj(i -> "class-" + i).toList(),
                List.of(),
                "",
                draw(means, shared, unit, train, random),
                draw(means, shared, unit, test, random));
    }

    private static FeatureSet.Part draw(double[][] means, double[][] shared, double[] unit, int each, Random random) {
        int size = means.length * each;
        float[][] features = new float[size][unit.length];
        int[] labels = new int[size];
        int[] groups = new int[size];
        for (int i = 0; i < size; i++) {
            labels[i] = i % means.length;
            groups[i] = -1;
            double[] along = {random.nextGaussian(), random.nextGaussian()};
            for (int j = 0; j < unit.length; j++) {
                double value = means[labels[i]][j] + 0.6 * random.nextGaussian();
                value += 0.5 * (along[0] * shared[0][j] + along[1] * shared[1][j]);
                features[i][j] = (float) (unit[j] * value);
            }
        }
        return new FeatureSet.Part(features, labels, groups);
    }
}
