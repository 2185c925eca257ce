package io.headwater.engine.sound;

import io.headwater.config.LogMel;
import io.headwater.config.Spectrum;
import io.headwater.config.Spectrum.Measure;
import io.headwater.config.Spectrum.Taper;
import java.util.Arrays;
import org.jtransforms.fft.DoubleFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * Computes log-mel frames, in double precision and rounded once. The same samples give the same bits on one platform;
 * on another platform, the sines in the Fourier transform may differ in their last bit.
 */
final class LogMelFrames implements SoundFrames {
    static {
        // Callers use their own threads, so the library's thread pool is disabled.
        ConcurrencyUtils.setNumberOfThreads(1);
    }

    private final LogMel spec;
    private final double[] taper;
    private final MelBank bank;

    LogMelFrames(LogMel spec, int sampleRate) {
        this.spec = spec;
        taper = taper(spec.spectrum().taper(), spec.spectrum().frameSize());
        bank = MelBank.of(spec, sampleRate);
    }

    @Override
    public int width() {
        return spec.form().bins();
    }

    @Override
    public int samples(int frames) {
        return Math.addExact(
                spec.spectrum().frameSize(),
                Math.multiplyExact(frames - 1, spec.spectrum().hop()));
    }

    @Override
    public float[] of(float[] samples) {
        Spectrum spectrum = spec.spectrum();
        int frames = (samples.length - spectrum.frameSize()) / spectrum.hop() + 1;
        int bins = width();
        float[] values = new float[Math.multiplyExact(frames, bins)];
        DoubleFFT_1D transform = new DoubleFFT_1D(spectrum.fftSize());
        double[] buffer = new double[spectrum.fftSize()];
        double[] energies = new double[spectrum.fftSize() / 2 + 1];
        double[] sums = new double[bins];
        for (int frame = 0; frame < frames; frame++) {
            Arrays.fill(buffer, 0);
            for (int i = 0; i < taper.length; i++) {
                buffer[i] = samples[frame * spectrum.hop() + i] * taper[i];
            }
            transform.realForward(buffer);
            measure(buffer, energies);
            bank.sum(energies, sums);
            for (int bin = 0; bin < bins; bin++) {
                double level = StrictMath.log(sums[bin] + spec.floor());
                values[frame * bins + bin] =
                        (float) (level * spec.form().factor() + spec.form().offset());
            }
        }
        return values;
    }

    /**
     * Computes the spectrum. The library stores the real value at half the sample rate in place of the imaginary value
     * at frequency 0, which is always 0.
     */
    private void measure(double[] transformed, double[] energies) {
        int half = transformed.length / 2;
        energies[0] = transformed[0] * transformed[0];
        energies[half] = transformed[1] * transformed[1];
        for (int k = 1; k < half; k++) {
            double real = transformed[2 * k];
            double imaginary = transformed[2 * k + 1];
            energies[k] = real * real + imaginary * imaginary;
        }
        if (spec.spectrum().measure() == Measure.MAGNITUDE) {
            for (int k = 0; k <= half; k++) {
                energies[k] = Math.sqrt(energies[k]);
            }
        }
    }

    private static double[] taper(Taper kind, int size) {
        double[] taper = new double[size];
        for (int i = 0; i < size; i++) {
            double cosine = StrictMath.cos(2 * Math.PI * i / size);
            taper[i] = switch (kind) {
                case HANN -> 0.5 - 0.5 * cosine;
                case HAMMING -> 0.54 - 0.46 * cosine;
                case RECTANGULAR -> 1;
            };
        }
        return taper;
    }
}
