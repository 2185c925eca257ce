package io.headwater.config;

import io.headwater.config.BaseModelManifest.Input;
import io.headwater.config.BaseModelManifest.ModelFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Sound: one channel at the model's own rate, cut into windows of one size; the features of a clip are those of its windows,
 * pooled. A clip shorter than a window is padded to one.
 *
 * @param name of the model's input, float32 or float16, whose first axis is the batch
 * @param sampleRate in hertz, 8000 to 48000; clips are resampled to it
 * @param amplitude what full scale is for the model or its front end
 * @param maxSeconds what a clip lasts beyond this is cut off, 0.05 to 120
 * @param padding what comes after a clip that is too short for a window
 * @param reads what a window consists of
 * @param windows how a clip is cut
 */
public record AudioInput(
        String name,
        int sampleRate,
        Amplitude amplitude,
        double maxSeconds,
        Padding padding,
        Reads reads,
        Windows windows)
        implements Input {
    public AudioInput {
        BaseModelKeys.INPUT.check(name);
        AudioKeys.SAMPLE_RATE.check(sampleRate);
        AudioKeys.MAX_SECONDS.check(maxSeconds);
        Breach.refuse(breaches(sampleRate, reads, windows));
    }

    /** The most samples that the model is shown of a clip. */
    public int maxSamples() {
        return (int) Math.round(maxSeconds * sampleRate);
    }

    /** The same with silence behind a clip that is too short, for tasks to which a clip must not say something twice. */
    public AudioInput withSilence() {
        return new AudioInput(name, sampleRate, amplitude, maxSeconds, Padding.ZEROS, reads, windows);
    }

    /** The shape of one window as the model reads it, without the batch axis. */
    public List<Integer> shape() {
        return reads.shape(windows.size());
    }

    /** What is wrong between keys. */
    static List<Breach> breaches(int sampleRate, Reads reads, Windows windows) {
        List<Breach> breaches = new ArrayList<>();
        if (reads instanceof LogMel mel) {
            if (mel.spectrum.frameSize > mel.spectrum.fftSize) {
                breaches.add(new Breach(
                        AudioKeys.FRAME_SIZE,
                        AudioKeys.FRAME_SIZE.path() + " must be at most " + AudioKeys.FFT_SIZE.path() + ", which is "
                                + mel.spectrum.fftSize + ", but is " + mel.spectrum.frameSize));
            }
            if (mel.filters.low >= mel.filters.high || mel.filters.high > sampleRate / 2.0) {
                breaches.add(new Breach(
                        AudioKeys.HIGH,
                        AudioKeys.HIGH.path() + " must be above " + AudioKeys.LOW.path() + ", which is "
                                + mel.filters.low + ", and at most half of " + AudioKeys.SAMPLE_RATE.path()
                                + ", which is " + sampleRate + ", but is " + mel.filters.high));
            }
        }
        long values = reads.shape(windows.size).stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b);
        if (values > BaseModelKeys.MAX_VALUES) {
            breaches.add(new Breach(
                    AudioKeys.WINDOW_SIZE,
                    AudioKeys.WINDOW_SIZE.path() + " must give windows of at most " + BaseModelKeys.MAX_VALUES
                            + " values, but is " + windows.size));
        }
        return breaches;
    }

    /** What full scale is. */
    public enum Amplitude {
        /** Samples from −1 to 1. */
        UNIT,
        /** Samples from −32768 to 32767. */
        INT16
    }

    /** What comes after a short clip. */
    public enum Padding {
        /** Silence. */
        ZEROS,
        /** The clip again, as often as it takes. */
        REPEAT
    }

    /** What a window consists of. */
    public sealed interface Reads {
        /** The shape of a window of {@code size}, without the batch axis. */
        List<Integer> shape(int size);
    }

    /** The samples themselves: a window of N has the shape [N]. */
    public record Waveform() implements Reads {
        @Override
        public List<Integer> shape(int size) {
            return List.of(size);
        }
    }

    /**
     * Frames of mel bins: the natural logarithm of each bin's energy plus the floor, in the {@code form}. Frames begin at
     * the first sample and lie within the clip; nothing is padded at its ends.
     *
     * @param form how the bins of a window lie
     * @param spectrum of a frame
     * @param filters what the bins sum
     * @param floor added before the logarithm, above 0 and at most 1
     */
    public record LogMel(Form form, Spectrum spectrum, MelFilters filters, double floor) implements Reads {
        public LogMel {
            AudioKeys.FLOOR.check(floor);
        }

        @Override
        public List<Integer> shape(int size) {
            return form.shape(size);
        }
    }

    /**
     * Frames that another ONNX model makes of the samples.
     *
     * @param form how the bins of a window lie
     * @param file the ONNX file
     * @param input its float32 input [batch, samples]
     * @param output its tensor [batch, frames, bins], with any further axes of size 1
     */
    public record Stage(Form form, ModelFile file, String input, String output) implements Reads {
        public Stage {
            AudioKeys.STAGE_INPUT.check(input);
            AudioKeys.STAGE_OUTPUT.check(output);
        }

        @Override
        public List<Integer> shape(int size) {
            return form.shape(size);
        }
    }

    /**
     * How frames become what the model reads: each value becomes value × factor + offset.
     *
     * @param bins of a frame, 1 to 512
     * @param axes order of the axes of a window
     * @param factor finite and not 0
     * @param offset finite
     */
    public record Form(int bins, Axes axes, double factor, double offset) {
        public Form {
            AudioKeys.BINS.check(bins);
            AudioKeys.FACTOR.check(factor);
            AudioKeys.OFFSET.check(offset);
        }

        List<Integer> shape(int frames) {
            return switch (axes) {
                case FRAMES_BINS -> List.of(frames, bins);
                case BINS_FRAMES -> List.of(bins, frames);
                case FRAMES_BINS_CHANNEL -> List.of(frames, bins, 1);
                case BINS_FRAMES_CHANNEL -> List.of(bins, frames, 1);
                case CHANNEL_FRAMES_BINS -> List.of(1, frames, bins);
                case CHANNEL_BINS_FRAMES -> List.of(1, bins, frames);
            };
        }
    }

    /** Order of the axes of a window, without the batch axis; the channel is of size 1. */
    public enum Axes {
        /** Frames, bins. */
        FRAMES_BINS,
        /** Bins, frames. */
        BINS_FRAMES,
        /** Frames, bins, channel. */
        FRAMES_BINS_CHANNEL,
        /** Bins, frames, channel. */
        BINS_FRAMES_CHANNEL,
        /** Channel, frames, bins. */
        CHANNEL_FRAMES_BINS,
        /** Channel, bins, frames. */
        CHANNEL_BINS_FRAMES;

        /** Whether the bins of a frame lie next to each other. */
        public boolean isFrameMajor() {
            return this == FRAMES_BINS || this == FRAMES_BINS_CHANNEL || this == CHANNEL_FRAMES_BINS;
        }
    }

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

    /**
     * Triangles over the spectrum, straight in hertz, their corners equally far apart in mel.
     *
     * @param low where the first begins, in hertz, 0 to 24000
     * @param high where the last ends, in hertz, above {@code low} and at most half the sample rate
     * @param scale what a mel is
     * @param norm how high a triangle is
     */
    public record MelFilters(double low, double high, MelScale scale, MelNorm norm) {
        public MelFilters {
            AudioKeys.LOW.check(low);
            AudioKeys.HIGH.check(high);
        }
    }

    /** What a mel is. */
    public enum MelScale {
        /** 2595 log10(1 + f / 700) (The HTK Book, 5.4). */
        HTK,
        /** Linear below 1 kHz and logarithmic above (Slaney 1998, Auditory Toolbox). */
        SLANEY
    }

    /** How high a triangle is. */
    public enum MelNorm {
        /** 1. */
        NONE,
        /** 2 / its width in hertz, so that all have the same area. */
        SLANEY
    }

    /**
     * How a clip is cut into windows. They begin at every step; where the steps leave a rest, one more ends with the clip.
     *
     * @param size of a window, in frames, or in samples where the model reads the waveform; 1 to 4194304
     * @param step from the beginning of a window to that of the next, in the same unit
     * @param pooling how their features become one vector
     */
    public record Windows(int size, int step, WindowPooling pooling) {
        public Windows {
            AudioKeys.WINDOW_SIZE.check(size);
            AudioKeys.WINDOW_STEP.check(step);
        }
    }

    /** How the features of windows become one vector. */
    public enum WindowPooling {
        /** Their mean. */
        MEAN,
        /** Their maximum. */
        MAX,
        /** Their mean, then their maximum: twice as many features. */
        MEAN_MAX,
        /** Their mean, then their standard deviation: twice as many features. */
        MEAN_DEVIATION
    }
}
