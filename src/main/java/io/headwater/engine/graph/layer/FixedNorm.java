package io.headwater.engine.graph.layer;

/**
 * Batch normalization with fixed statistics as a scale and a shift of each channel: scale = gamma ÷ deviation, shift =
 * beta − mean × scale.
 */
public record FixedNorm(float[] mean, double[] deviation) {

    public static FixedNorm of(float[] mean, float[] var, double epsilon) {
        double[] deviation = new double[var.length];
        for (int i = 0; i < var.length; i++) {
            deviation[i] = Math.sqrt(var[i] + epsilon);
        }
        return new FixedNorm(mean, deviation);
    }

    public double[] scale(float[] gamma) {
        double[] scale = new double[gamma.length];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = gamma[i] / deviation[i];
        }
        return scale;
    }

    public double[] shift(float[] gamma, float[] beta) {
        double[] shift = new double[beta.length];
        for (int i = 0; i < shift.length; i++) {
            shift[i] = beta[i] - mean[i] * (gamma[i] / deviation[i]);
        }
        return shift;
    }

    /**
     * Returns the gradient with respect to gamma, given those with respect to scale and shift. The gradient with
     * respect to beta is that of the shift.
     */
    public float[] gamma(float[] scale, float[] shift) {
        float[] gamma = new float[scale.length];
        for (int i = 0; i < gamma.length; i++) {
            gamma[i] = (float) ((scale[i] - (double) mean[i] * shift[i]) / deviation[i]);
        }
        return gamma;
    }
}
