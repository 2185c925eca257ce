package io.headwater.config;

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
        ClipPadding padding,
        WindowContent reads,
        ClipWindows windows)
        implements BaseModelInput {
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
        return new AudioInput(name, sampleRate, amplitude, maxSeconds, ClipPadding.ZEROS, reads, windows);
    }

    /** The shape of one window as the model reads it, without the batch axis. */
    public List<Integer> shape() {
        return reads.shape(windows.size());
    }

    /** What is wrong between keys. */
    static List<Breach> breaches(int sampleRate, WindowContent reads, ClipWindows windows) {
        List<Breach> breaches = new ArrayList<>();
        if (reads instanceof LogMel mel) {
            if (mel.spectrum().frameSize() > mel.spectrum().fftSize()) {
                breaches.add(new Breach(
                        AudioKeys.FRAME_SIZE,
                        AudioKeys.FRAME_SIZE.path() + " must be at most " + AudioKeys.FFT_SIZE.path() + ", which is "
                                + mel.spectrum().fftSize() + ", but is "
                                + mel.spectrum().frameSize()));
            }
            if (mel.filters().low() >= mel.filters().high() || mel.filters().high() > sampleRate / 2.0) {
                breaches.add(new Breach(
                        AudioKeys.HIGH,
                        AudioKeys.HIGH.path() + " must be above " + AudioKeys.LOW.path() + ", which is "
                                + mel.filters().low() + ", and at most half of " + AudioKeys.SAMPLE_RATE.path()
                                + ", which is " + sampleRate + ", but is "
                                + mel.filters().high()));
            }
        }
        long values =
                reads.shape(windows.size()).stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b);
        if (values > BaseModelKeys.MAX_VALUES) {
            breaches.add(new Breach(
                    AudioKeys.WINDOW_SIZE,
                    AudioKeys.WINDOW_SIZE.path() + " must give windows of at most " + BaseModelKeys.MAX_VALUES
                            + " values, but is " + windows.size()));
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
    public enum ClipPadding {
        /** Silence. */
        ZEROS,
        /** The clip again, as often as it takes. */
        REPEAT
    }
}
