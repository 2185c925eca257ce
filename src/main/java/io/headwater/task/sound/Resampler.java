package io.headwater.task.sound;

/**
 * Changes the sample rate of a sound by band-limited interpolation (Smith, "Digital Audio Resampling", CCRMA): each
 * new sample is a sum of old samples weighted with a Kaiser-windowed sinc. Frequencies above the Nyquist frequency of
 * the lower rate are attenuated by about 80 dB; frequencies below 0.89 of it are kept. Computed in double precision
 * with bit-identical results on every platform; the table does not depend on the rates, which are chosen by senders.
 */
final class Resampler {
    /** Number of zero crossings of the sinc on each side. */
    private static final int CROSSINGS = 48;
    /** Number of table values between zero crossings; intermediate values are interpolated linearly. */
    private static final int RESOLUTION = 1024;
    /** Frequency at which the filter's gain is one half, as a fraction of the Nyquist frequency of the lower rate. */
    private static final double CUTOFF = 0.948;
    /** Shape parameter of the Kaiser window for an attenuation of 80 dB (Kaiser 1974). */
    private static final double BETA = 7.857;

    private static final double[] TABLE = table();

    private Resampler() {}

    /**
     * Resamples {@code samples} to another rate with the same duration; returns the same array if the rates are equal.
     */
    static float[] resampled(float[] samples, int from, int to) {
        if (from == to) {
            return samples;
        }
        int length = (int) (((long) samples.length * to + from - 1) / from);
        float[] resampled = new float[length];
        double density = CUTOFF * Math.min(1, (double) to / from);
        int reach = (int) Math.ceil(CROSSINGS / density);
        for (int i = 0; i < length; i++) {
            long place = (long) i * from;
            int before = (int) (place / to);
            double rest = (double) (place % to) / to;
            int first = Math.max(0, before - reach + 1);
            int last = Math.min(samples.length - 1, before + reach);
            double sum = 0;
            for (int j = first; j <= last; j++) {
                sum += samples[j] * kernel(Math.abs(j - before - rest) * density);
            }
            resampled[i] = (float) (sum * density);
        }
        return resampled;
    }

    /** Returns the filter's value at a distance measured in zero crossings. */
    private static double kernel(double distance) {
        double place = distance * RESOLUTION;
        int at = (int) place;
        return at >= TABLE.length - 1 ? 0 : TABLE[at] + (place - at) * (TABLE[at + 1] - TABLE[at]);
    }

    private static double[] table() {
        double[] table = new double[CROSSINGS * RESOLUTION + 1];
        table[0] = 1;
        double peak = bessel(BETA);
        for (int i = 1; i < table.length; i++) {
            double x = (double) i / RESOLUTION;
            double share = x / CROSSINGS;
            double window = bessel(BETA * Math.sqrt(Math.max(0, 1 - share * share))) / peak;
            table[i] = StrictMath.sin(Math.PI * x) / (Math.PI * x) * window;
        }
        return table;
    }

    /** The modified Bessel function of the first kind and order 0, by its power series. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}
