package io.headwater.engine.closed;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The classes that have samples, and the weights of their outputs among those of all classes.
 *
 * @param outputs the number of all classes
 * @param classes those with samples, in order
 * @param logPriors the logarithm of the share of each of them, minus their mean
 */
record SeenClasses(int outputs, int[] classes, double[] logPriors) {
    /** Returns the classes with samples. */
    static SeenClasses of(CentredMoments moments) {
        double[] share = moments.targetMean();
        int[] classes =
                IntStream.range(0, share.length).filter(each -> share[each] > 0).toArray();
        double[] logs = Arrays.stream(classes)
                .mapToDouble(each -> StrictMath.log(share[each]))
                .toArray();
        double mean = Arrays.stream(logs).average().orElse(0);
        return new SeenClasses(
                share.length,
                classes,
                Arrays.stream(logs).map(log -> log - mean).toArray());
    }

    int count() {
        return classes.length;
    }

    /**
     * Returns the place of each class among those with samples.
     *
     * @throws IllegalArgumentException when a class has no samples
     */
    int[] places(int[] ofRows) {
        int[] places = new int[ofRows.length];
        for (int row = 0; row < ofRows.length; row++) {
            places[row] = Arrays.binarySearch(classes, ofRows[row]);
            if (places[row] < 0) {
                throw new IllegalArgumentException("row " + row + " has class " + ofRows[row]
                        + ", of which the moments have no row; add all rows at hand to the moments");
            }
        }
        return places;
    }

    /** Returns weights of [width + 1, count] that are all 0 but for the bias, the last row, which is the log priors. */
    double[] priorWeights(int width) {
        double[] weights = new double[(width + 1) * count()];
        System.arraycopy(logPriors, 0, weights, width * count(), count());
        return weights;
    }

    /**
     * Converts weights for features to weights of [width + 1, count] for scaled features. From each row its mean is
     * subtracted, which changes no probability.
     */
    double[] scaled(LinearWeights weights, FeatureScaling scaling) {
        double[] scaled = new double[(scaling.width() + 1) * count()];
        int biases = scaling.width() * count();
        for (int place = 0; place < count(); place++) {
            scaled[biases + place] = weights.biases()[classes[place]];
            for (int i = 0; i < scaling.width(); i++) {
                double weight = weights.weights()[i * outputs + classes[place]];
                scaled[i * count() + place] = weight * scaling.scales()[i];
                scaled[biases + place] += weight * scaling.mean()[i];
            }
        }
        for (int row = 0; row < scaled.length; row += count()) {
            subtractMean(scaled, row);
        }
        return scaled;
    }

    private void subtractMean(double[] values, int from) {
        double mean = Arrays.stream(values, from, from + count()).average().orElse(0);
        for (int i = from; i < from + count(); i++) {
            values[i] -= mean;
        }
    }

    /**
     * Converts weights of [width + 1, count] for scaled features to weights of all classes for features. The logits of
     * the classes with samples have a mean of 0, so that the largest is at least 0.
     */
    LinearWeights unscaled(double[] scaled, FeatureScaling scaling, CentredMoments moments) {
        int width = scaling.width();
        double[] directions = new double[outputs * width];
        double[] heights = new double[outputs];
        AbsentClasses.place(heights, moments.targetMean(), 0);
        for (int place = 0; place < count(); place++) {
            heights[classes[place]] = scaled[width * count() + place];
            for (int i = 0; i < width; i++) {
                directions[classes[place] * width + i] = scaled[i * count() + place] / scaling.scales()[i];
            }
        }
        return LinearWeights.at(moments, directions, heights);
    }
}
