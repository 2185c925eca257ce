package io.headwater.engine.sound;

import io.headwater.config.LogMel;
import io.headwater.config.MelFilters.MelNorm;
import io.headwater.config.MelFilters.MelScale;

/**
 * Triangular filters over a spectrum.
 *
 * @param starts the index of the first frequency bin of each filter
 * @param weights the weights of each filter from that bin on
 */
record MelBank(int[] starts, double[][] weights) {
    // The constants of the Auditory Toolbox: 200/3 Hz per mel up to 1 kHz, then 27 mels per factor of 6.4.
    private static final double SLANEY_HERTZ = 200.0 / 3;
    private static final double SLANEY_CORNER = 1000;
    private static final double SLANEY_STEP = StrictMath.log(6.4) / 27;

    /** Returns the filters of {@code spec} for a sample rate. */
    static MelBank of(LogMel spec, int sampleRate) {
        int bins = spec.form().bins();
        int points = spec.spectrum().fftSize() / 2 + 1;
        double hertz = (double) sampleRate / spec.spectrum().fftSize();
        MelScale scale = spec.filters().scale();
        double low = mel(scale, spec.filters().low());
        double high = mel(scale, spec.filters().high());
        int[] starts = new int[bins];
        double[][] weights = new double[bins][];
        for (int bin = 0; bin < bins; bin++) {
            double left = hertz(scale, low + (high - low) * bin / (bins + 1));
            double centre = hertz(scale, low + (high - low) * (bin + 1) / (bins + 1));
            double right = hertz(scale, low + (high - low) * (bin + 2) / (bins + 1));
            double height = spec.filters().norm() == MelNorm.SLANEY ? 2 / (right - left) : 1;
            int from = Math.min(points - 1, (int) Math.ceil(left / hertz));
            int to = Math.min(points - 1, (int) Math.floor(right / hertz));
            starts[bin] = from;
            weights[bin] = new double[Math.max(0, to - from + 1)];
            for (int k = from; k <= to; k++) {
                double rising = (k * hertz - left) / (centre - left);
                double falling = (right - k * hertz) / (right - centre);
                weights[bin][k - from] = height * Math.max(0, Math.min(rising, falling));
            }
        }
        return new MelBank(starts, weights);
    }

    /** Computes the weighted sum of {@code energies} for each filter. */
    void sum(double[] energies, double[] sums) {
        for (int bin = 0; bin < starts.length; bin++) {
            double sum = 0;
            for (int i = 0; i < weights[bin].length; i++) {
                sum += weights[bin][i] * energies[starts[bin] + i];
            }
            sums[bin] = sum;
        }
    }

    private static double mel(MelScale scale, double hertz) {
        if (scale == MelScale.HTK) {
            return 2595 * StrictMath.log10(1 + hertz / 700);
        }
        return hertz < SLANEY_CORNER
                ? hertz / SLANEY_HERTZ
                : SLANEY_CORNER / SLANEY_HERTZ + StrictMath.log(hertz / SLANEY_CORNER) / SLANEY_STEP;
    }

    private static double hertz(MelScale scale, double mel) {
        if (scale == MelScale.HTK) {
            return 700 * (StrictMath.pow(10, mel / 2595) - 1);
        }
        double corner = SLANEY_CORNER / SLANEY_HERTZ;
        return mel < corner ? mel * SLANEY_HERTZ : SLANEY_CORNER * StrictMath.exp((mel - corner) * SLANEY_STEP);
    }
}
