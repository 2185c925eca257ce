package io.headwater.config;

import static io.headwater.config.key.NumberTypes.even;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;

/**
 * How the spectrum of a frame is computed.
 *
 * @param fftSize number of points of the Fourier transform, even, 16 to 4096; a frame is padded with zeros to this size
 * @param frameSize number of samples of a frame, 16 to 4096, at most {@code fftSize}
 * @param hop number of samples between the beginnings of two consecutive frames, 16 to 4096
 * @param taper the window function that a frame is multiplied by
 * @param measure the spectral quantity that the filters sum
 */
public record Spectrum(int fftSize, int frameSize, int hop, Taper taper, Measure measure) {
    private static final KeyTableBuilder<Spectrum> KEYS = KeyTable.builder();

    static final Key<Integer> FFT_SIZE = KEYS.required(
            "input.log-mel.fft-size", even(16, 4096), Spectrum::fftSize, "number of points of the Fourier transform");
    static final Key<Integer> FRAME_SIZE = KEYS.withoutDefault(
            "input.log-mel.frame-size",
            whole(16, 4096),
            values -> values.find(FFT_SIZE),
            Spectrum::frameSize,
            "samples per frame, padded with zeros to `fft-size`; by default `fft-size`");
    static final Key<Integer> HOP = KEYS.required(
            "input.log-mel.hop", whole(16, 4096), Spectrum::hop, "samples between the beginnings of two frames");
    static final Key<Taper> TAPER = KEYS.optional(
            "input.log-mel.taper",
            choice(Taper.class),
            Taper.HANN,
            Spectrum::taper,
            "window function that each frame is multiplied by, in its periodic form");
    static final Key<Measure> MEASURE = KEYS.optional(
            "input.log-mel.measure",
            choice(Measure.class),
            Measure.POWER,
            Spectrum::measure,
            "what a bin sums: squared magnitudes of the spectrum (`power`) or magnitudes");

    /** The keys of this record. */
    static final KeyTable<Spectrum> TABLE = KEYS.build(values -> new Spectrum(
            values.get(FFT_SIZE), values.get(FRAME_SIZE), values.get(HOP), values.get(TAPER), values.get(MEASURE)));

    public Spectrum {
        FFT_SIZE.check(fftSize);
        FRAME_SIZE.check(frameSize);
        HOP.check(hop);
    }

    /** Window functions that a frame is multiplied by, in their periodic form. */
    public enum Taper {
        /** 0.5 − 0.5 cos. */
        HANN,
        /** 0.54 − 0.46 cos. */
        HAMMING,
        /** 1. */
        RECTANGULAR
    }

    /** Spectral quantities that the filters sum. */
    public enum Measure {
        /** Squared magnitudes. */
        POWER,
        /** Magnitudes. */
        MAGNITUDE
    }
}
