package io.headwater.config;

/**
 * The spectrum of a frame.
 *
 * @param fftSize points of the Fourier transform, even, 16 to 4096; a frame is followed by zeros up to it
 * @param frameSize samples of a frame, 16 to 4096, at most {@code fftSize}
 * @param hop samples from the beginning of a frame to that of the next, 16 to 4096
 * @param taper what a frame is multiplied with
 * @param measure what of the spectrum is summed
 */
public record Spectrum(int fftSize, int frameSize, int hop, Taper taper, Measure measure) {
    public Spectrum {
        AudioKeys.FFT_SIZE.check(fftSize);
        AudioKeys.FRAME_SIZE.check(frameSize);
        AudioKeys.HOP.check(hop);
    }

    /** What a frame is multiplied with, in its periodic form. */
    public enum Taper {
        /** 0.5 − 0.5 cos. */
        HANN,
        /** 0.54 − 0.46 cos. */
        HAMMING,
        /** 1. */
        RECTANGULAR
    }

    /** What of the spectrum is summed. */
    public enum Measure {
        /** Squared magnitudes. */
        POWER,
        /** Magnitudes. */
        MAGNITUDE
    }
}
