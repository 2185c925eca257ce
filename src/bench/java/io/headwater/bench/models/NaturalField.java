package io.headwater.bench.models;

import java.util.Random;

/**
 * Generates values with natural statistics: sums of waves whose amplitude is proportional to their wavelength, as in
 * images and sound (Field 1987, "Relations between the statistics of natural images and the response properties of
 * cortical cells").
 */
final class NaturalField {
    private static final int WAVES = 32;
    private static final int OCTAVES = 6;

    private NaturalField() {}

    /**
     * Returns a field of values from −1 to 1 in row-major order.
     *
     * @param shape sizes of its axes
     */
    static float[] of(int[] shape, Random random) {
        double[][] turns = new double[WAVES][shape.length];
        double[] phases = new double[WAVES];
        double[] amplitudes = new double[WAVES];
        for (int wave = 0; wave < WAVES; wave++) {
            double frequency = Math.pow(2, OCTAVES * random.nextDouble());
            for (int axis = 0; axis < shape.length; axis++) {
                turns[wave][axis] = frequency * random.nextGaussian() / shape[axis];
            }
            phases[wave] = random.nextDouble();
            amplitudes[wave] = 1 / frequency;
        }
        int size = 1;
        for (int axis : shape) {
            size *= axis;
        }
        float[] field = new float[size];
        float largest = Float.MIN_NORMAL;
        int[] at = new int[shape.length];
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (int wave = 0; wave < WAVES; wave++) {
                double turn = phases[wave];
                for (int axis = 0; axis < shape.length; axis++) {
                    turn += turns[wave][axis] * at[axis];
                }
                sum += amplitudes[wave] * StrictMath.cos(2 * Math.PI * turn);
            }
            field[i] = (float) sum;
            largest = Math.max(largest, Math.abs(field[i]));
            for (int axis = shape.length - 1; axis >= 0 && ++at[axis] == shape[axis]; axis--) {
                at[axis] = 0;
            }
        }
        for (int i = 0; i < size; i++) {
            field[i] /= largest;
        }
        return field;
    }
}
