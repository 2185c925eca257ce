package io.headwater.task.sound;

/**
 * Changes the rate of a sound by band-limited interpolation (Smith, "Digital Audio Resampling", CCRMA): each new sample is a
 * sum of old ones weighted with a sinc under a Kaiser window. What the lower of the two rates cannot hold is taken away, by
 * about 80 dB; what lies below 0.89 of its half is kept. Plain double precision, so the same bits on every platform, and a
 * table that does not depend on the rates, which senders choose.
 */
final class Resampler {
    /** Zero crossings of the sinc on each side. */
    private static final int CROSSINGS = 48;
    /** Values of the table from one crossing to the next; between them it is taken as straight. */
    private static final int RESOLUTION = 1024;
    /** Where the filter is down by half, as a share of half the lower rate. */
    private static final double CUTOFF = 0.948;
    /** Of Kaiser's window, for 80 dB (Kaiser 1974). */
    private static final double BETA = 7.857;

    private static final double[] TABLE = table();

    private Resampler() {}

    /** {@code samples} at another rate, lasting as long; themselves when the rate is the same. */
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

    /** The filter at a distance, in zero crossings. */
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
