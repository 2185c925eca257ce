package io.headwater.engine;

import java.util.Random;

/** Random minibatches for heads. */
public record HeadData(float[][] features, float[][] targets, float[] weights) {

    /** Returns normally distributed features, soft targets that sum to one, and weights from 0.5 to 2. */
    public static HeadData random(long seed, int rows, int inputs, int outputs) {
        Random random = new Random(seed);
        float[][] features = new float[rows][inputs];
        float[][] targets = new float[rows][outputs];
        float[] weights = new float[rows];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < inputs; i++) {
                features[row][i] = (float) random.nextGaussian();
            }
            float sum = 0;
            for (int i = 0; i < outputs; i++) {
                targets[row][i] = 0.01f + random.nextFloat();
                sum += targets[row][i];
            }
            for (int i = 0; i < outputs; i++) {
                targets[row][i] /= sum;
            }
            weights[row] = 0.5f + 1.5f * random.nextFloat();
        }
        return new HeadData(features, targets, weights);
    }

    public double train(Head head) {
        return head.train(features, targets, weights);
    }
}
