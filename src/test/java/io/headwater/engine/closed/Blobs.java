package io.headwater.engine.closed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Rows of classes, each of which is normally distributed with variances of 1. */
record Blobs(float[][] rows, int[] classes, int outputs) {

    /**
     * Creates random rows.
     *
     * @param distance the standard deviation of a coordinate of the classes' means
     */
    static Blobs random(int count, int width, int outputs, double distance, Random random) {
        double[][] means = new double[outputs][width];
        for (double[] mean : means) {
            Arrays.setAll(mean, i -> distance * random.nextGaussian());
        }
        float[][] rows = new float[count][width];
        int[] classes = new int[count];
        for (int row = 0; row < count; row++) {
            classes[row] = random.nextInt(outputs);
            for (int i = 0; i < width; i++) {
                rows[row][i] = (float) (means[classes[row]][i] + random.nextGaussian());
            }
        }
        return new Blobs(rows, classes, outputs);
    }

    Blobs first(int count) {
        return new Blobs(Arrays.copyOf(rows, count), Arrays.copyOf(classes, count), outputs);
    }

    Blobs last(int count) {
        int from = rows.length - count;
        return new Blobs(
                Arrays.copyOfRange(rows, from, rows.length), Arrays.copyOfRange(classes, from, rows.length), outputs);
    }

    Blobs shuffled(Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, rows.length).boxed().toList());
        Collections.shuffle(order, random);
        return new Blobs(
                order.stream().map(row -> rows[row]).toArray(float[][]::new),
                order.stream().mapToInt(row -> classes[row]).toArray(),
                outputs);
    }

    Moments moments() {
        Moments moments = Moments.of(rows[0].length);
        moments.add(rows, classes);
        return moments;
    }

    /** The best classifier for these rows if the means were known exactly. */
    LinearWeights nearestMean() {
        int width = rows[0].length;
        float[] weights = new float[width * outputs];
        float[] biases = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            int each = output;
            int[] places = IntStream.range(0, rows.length)
                    .filter(row -> classes[row] == each)
                    .toArray();
            double squares = 0;
            for (int i = 0; i < width; i++) {
                int feature = i;
                double mean = Arrays.stream(places)
                        .mapToDouble(row -> rows[row][feature])
                        .average()
                        .orElse(0);
                weights[i * outputs + output] = finite(mean);
                squares += mean * mean;
            }
            biases[output] = finite(Math.log(Math.max(places.length, 1)) - squares / 2);
        }
        return new LinearWeights(width, outputs, weights, biases);
    }

    private static float finite(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    double accuracy(LinearWeights weights) {
        int[] predictions = predictions(weights);
        return IntStream.range(0, rows.length)
                        .filter(row -> predictions[row] == classes[row])
                        .count()
                / (double) rows.length;
    }

    int[] predictions(LinearWeights weights) {
        return Arrays.stream(rows)
                .mapToInt(row -> {
                    float[] logits = weights.logits(row);
                    return IntStream.range(0, outputs)
                            .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                            .orElseThrow();
                })
                .toArray();
    }
}
