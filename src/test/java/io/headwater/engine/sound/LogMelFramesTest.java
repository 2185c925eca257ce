package io.headwater.engine.sound;

import static io.headwater.testing.TestSounds.tone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.FrameForm;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.LogMel;
import io.headwater.config.MelFilters;
import io.headwater.config.MelFilters.MelNorm;
import io.headwater.config.MelFilters.MelScale;
import io.headwater.config.Spectrum;
import io.headwater.config.Spectrum.Measure;
import io.headwater.config.Spectrum.Taper;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogMelFramesTest {
    private static final int RATE = 16_000;
    private static final double FLOOR = 1e-5;

    @ParameterizedTest
    @CsvSource({
        "512, 400, 160, HANN, POWER, HTK, NONE",
        "512, 512, 128, HAMMING, MAGNITUDE, SLANEY, SLANEY",
        "400, 400, 160, HANN, POWER, SLANEY, SLANEY",
        "250, 200, 77, RECTANGULAR, MAGNITUDE, HTK, SLANEY",
        "4096, 4000, 1000, HANN, POWER, HTK, NONE",
        "362, 300, 100, HANN, POWER, SLANEY, NONE"
    })
    void shouldAgreeWithADirectTransform(
            int fft, int frame, int hop, Taper taper, Measure measure, MelScale scale, MelNorm norm) {
        LogMel spec = new LogMel(
                new FrameForm(20, Axes.FRAMES_BINS, 0.1, 2),
                new Spectrum(fft, frame, hop, taper, measure),
                new MelFilters(60, 7600, scale, norm),
                FLOOR);
        float[] samples = noise(frame + 2 * hop + hop / 2);

        float[] values = new LogMelFrames(spec, RATE).of(samples);

        assertThat(values).hasSize(3 * 20);
        for (int i = 0; i < 3; i++) {
            for (int bin = 0; bin < 20; bin++) {
                double expected = Math.log(energy(spec, samples, i * hop, bin) + FLOOR) * 0.1 + 2;
                assertThat(values[i * 20 + bin]).isCloseTo((float) expected, within(1e-5f));
            }
        }
    }

    @Test
    void shouldGiveAToneToTheBinThatItBelongsTo() {
        LogMel spec = new LogMel(
                new FrameForm(40, Axes.FRAMES_BINS, 1, 0),
                new Spectrum(1024, 1024, 512, Taper.HANN, Measure.POWER),
                new MelFilters(0, 8000, MelScale.HTK, MelNorm.NONE),
                FLOOR);
        for (int bin = 5; bin < 40; bin += 5) {
            double top = 2595 * Math.log10(1 + 8000 / 700.0);
            double hertz = 700 * (Math.pow(10, top * (bin + 1) / 41 / 2595) - 1);

            float[] values = new LogMelFrames(spec, RATE).of(tone(hertz, RATE, 1024, 1));

            int loudest = 0;
            for (int i = 1; i < 40; i++) {
                loudest = values[i] > values[loudest] ? i : loudest;
            }
            assertThat(loudest).isEqualTo(bin);
        }
    }

    @Test
    void shouldTakeAsManySamplesAsItsFramesSpan() {
        LogMel spec = new LogMel(
                new FrameForm(20, Axes.FRAMES_BINS, 1, 0),
                new Spectrum(512, 400, 160, Taper.HANN, Measure.POWER),
                new MelFilters(0, 8000, MelScale.HTK, MelNorm.NONE),
                FLOOR);
        LogMelFrames frames = new LogMelFrames(spec, RATE);

        assertThat(frames.samples(1)).isEqualTo(400);
        assertThat(frames.samples(76)).isEqualTo(400 + 75 * 160);
        assertThat(frames.of(new float[frames.samples(76)])).hasSize(76 * 20);
        assertThat(frames.of(new float[frames.samples(76) - 1])).hasSize(75 * 20);
    }

    /** Computes the energy by definition: a sum over all points with the triangle of the bin. */
    private static double energy(LogMel spec, float[] samples, int from, int bin) {
        int size = spec.spectrum().fftSize();
        double sum = 0;
        for (int k = 0; k <= size / 2; k++) {
            double weight = triangle(spec, bin, (double) k * RATE / size);
            if (weight == 0) {
                continue;
            }
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < spec.spectrum().frameSize(); i++) {
                double angle = 2 * Math.PI * k * i / size;
                double value = samples[from + i] * taper(spec.spectrum(), i);
                real += value * Math.cos(angle);
                imaginary -= value * Math.sin(angle);
            }
            double magnitude = Math.hypot(real, imaginary);
            sum += weight * (spec.spectrum().measure() == Measure.POWER ? magnitude * magnitude : magnitude);
        }
        return sum;
    }

    private static double taper(Spectrum spectrum, int i) {
        double phase = 2 * Math.PI * i / spectrum.frameSize();
        return switch (spectrum.taper()) {
            case HANN -> Math.sin(phase / 2) * Math.sin(phase / 2);
            case HAMMING -> 0.08 + 0.92 * Math.sin(phase / 2) * Math.sin(phase / 2);
            case RECTANGULAR -> 1;
        };
    }

    private static double triangle(LogMel spec, int bin, double hertz) {
        MelFilters filters = spec.filters();
        double step = (mel(filters.scale(), filters.high()) - mel(filters.scale(), filters.low()))
                / (spec.form().bins() + 1);
        double first = mel(filters.scale(), filters.low());
        double left = inverse(filters.scale(), first + bin * step);
        double centre = inverse(filters.scale(), first + (bin + 1) * step);
        double right = inverse(filters.scale(), first + (bin + 2) * step);
        double height = filters.norm() == MelNorm.SLANEY ? 2 / (right - left) : 1;
        if (hertz <= left || hertz >= right) {
            return 0;
        }
        return height * (hertz < centre ? (hertz - left) / (centre - left) : (right - hertz) / (right - centre));
    }

    private static double mel(MelScale scale, double hertz) {
        if (scale == MelScale.HTK) {
            return 1127.0104838 * Math.log1p(hertz / 700);
        }
        return hertz <= 1000 ? hertz * 3 / 200 : 15 + 27 * Math.log(hertz / 1000) / Math.log(6.4);
    }

    /** Inverts the scale by bisection. */
    private static double inverse(MelScale scale, double mel) {
        double low = 0;
        double high = RATE;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (mel(scale, middle) < mel) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static float[] noise(int size) {
        SplittableRandom random = new SplittableRandom(9);
        float[] noise = new float[size];
        for (int i = 0; i < size; i++) {
            noise[i] = (float) random.nextDouble(-1, 1);
        }
        return noise;
    }
}
