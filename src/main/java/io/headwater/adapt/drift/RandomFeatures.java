package io.headwater.adapt.drift;

import io.headwater.engine.SplitMix64;

/**
 * Random projections of features on 32 directions, either bounded by the hyperbolic tangent or as random Fourier
 * features: the cosine of a projection with a random phase. The squared distance of the means of Fourier features approximates the maximum mean discrepancy
 * of a Gaussian kernel (Rahimi and Recht, Random Features for Large-Scale Kernel Machines, 2007; Gretton et al., A
 * Kernel Two-Sample Test, 2012).
 */
final class RandomFeatures {
    /** Number of projections. */
    static final int SIZE = 32;

    private static final long SEED = 0x5eed;

    /** The typical distance between two samples in widths of the kernel. */
    private static final double WIDTH = 1.5;

    private final boolean fourier;
    private final float[][] directions;
    private final double[] phases = new double[SIZE];

    /**
     * @param features number of features
     * @param fourier whether to return Fourier features
     */
    RandomFeatures(int features, boolean fourier) {
        this.fourier = fourier;
        this.directions = new float[SIZE][features];
        for (int i = 0; i < SIZE; i++) {
            SplitMix64 random = new SplitMix64(SEED, i);
            phases[i] = 2 * Math.PI * uniform(random);
            for (int j = 0; j < features; j++) {
                directions[i][j] = (float) (StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(random)))
                        * StrictMath.cos(2 * Math.PI * uniform(random)));
            }
        }
    }

    private static double uniform(SplitMix64 random) {
        return (random.nextLong() >>> 11) * 0x1p-53;
    }

    /** Returns the projections of a sample whose features are centred and whose distance from others is about 1. */
    float[] of(float[] features) {
        float[] projected = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            float[] direction = directions[i];
            double sum = 0;
            for (int j = 0; j < features.length; j++) {
                sum += (double) direction[j] * features[j];
            }
            projected[i] = (float) (fourier ? StrictMath.cos(WIDTH * sum + phases[i]) : StrictMath.tanh(sum));
        }
        return projected;
    }
}
