package io.headwater.engine.dense;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Joins samples, each of one row of features or of one row per position, into one matrix, and splits it again. */
final class SampleRows {
    private SampleRows() {}

    /**
     * Returns how many rows of {@code inputs} values each sample has.
     *
     * @param everyPosition whether a sample may have several rows
     * @throws IllegalArgumentException when a sample has another length
     */
    static int[] counts(float[][] features, int inputs, boolean everyPosition) {
        int[] rows = new int[features.length];
        for (int i = 0; i < rows.length; i++) {
            int length = features[i].length;
            boolean fits = everyPosition ? length > 0 && length % inputs == 0 : length == inputs;
            if (!fits) {
                throw new IllegalArgumentException("row " + i + " of features must have " + inputs + " values"
                        + (everyPosition ? " for each position" : "") + ", but has " + length);
            }
            rows[i] = length / inputs;
        }
        return rows;
    }

    /**
     * Returns the rows of {@code matrix}, joined for each sample.
     *
     * @param rows the number of rows of each sample
     */
    static float[][] split(INDArray matrix, int[] rows) {
        int outputs = matrix.columns();
        float[] flat = matrix.data().asFloat(); // one copy; ND4J's own conversion creates several arrays per row
        float[][] samples = new float[rows.length][];
        int row = 0;
        for (int i = 0; i < rows.length; i++) {
            samples[i] = new float[rows[i] * outputs];
            for (int at = 0; at < samples[i].length; at++) {
                long place = (row + at / outputs) * matrix.stride(0) + at % outputs * matrix.stride(1);
                samples[i][at] = flat[(int) place];
            }
            row += rows[i];
        }
        return samples;
    }

    /**
     * Returns the values of all samples in one array.
     *
     * @throws IllegalArgumentException when a value is not finite
     */
    static float[] flat(float[][] samples) {
        int length = 0;
        for (float[] sample : samples) {
            length = Math.addExact(length, sample.length);
        }
        float[] flat = new float[length];
        int at = 0;
        for (int i = 0; i < samples.length; i++) {
            for (float value : samples[i]) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("row " + i + " of features must be finite, but holds " + value);
                }
                flat[at++] = value;
            }
        }
        return flat;
    }
}
