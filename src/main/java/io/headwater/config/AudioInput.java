package io.headwater.config;

import static io.headwater.config.key.NumberTypes.between;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.WindowContent.ContentKind;
import io.headwater.config.WindowContent.RawWaveform;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sound: one channel at the sample rate of the model, cut into windows of equal size. The features of a clip are the
 * pooled features of its windows. A clip shorter than a window is padded to the size of a window.
 *
 * @param name of the model's input, float32 or float16, whose first axis is the batch
 * @param sampleRate in hertz, 8000 to 48000; clips are resampled to it
 * @param amplitude the value range of samples that the model or its front end expects
 * @param maxSeconds longest clip in seconds, 0.05 to 120; the rest is cut off
 * @param padding how a clip that is shorter than a window is padded
 * @param reads the content of a window
 * @param windows how a clip is cut into windows
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
    private static final KeyTableBuilder<AudioInput> KEYS = KeyTable.builder();

    static final Key<String> NAME = KEYS.required(
            "input.name",
            text(ManifestTypes.MAX_NAME),
            AudioInput::name,
            "name of the model's input, float32 or float16; its first axis is the batch of windows");
    static final Key<Integer> SAMPLE_RATE = KEYS.required(
            "input.sample-rate",
            whole(8000, 48_000),
            AudioInput::sampleRate,
            "in hertz; sounds are mixed down to one channel and resampled to this rate");
    static final Key<Amplitude> AMPLITUDE = KEYS.optional(
            "input.amplitude",
            choice(Amplitude.class),
            Amplitude.UNIT,
            AudioInput::amplitude,
            "full scale of the samples: `unit` is 1, `int16` is 32768");
    static final Key<Double> MAX_SECONDS = KEYS.required(
            "input.max-seconds", between(0.05, 120), AudioInput::maxSeconds, "sounds are truncated to this duration");
    static final Key<ClipPadding> PADDING = KEYS.optional(
            "input.padding",
            choice(ClipPadding.class),
            ClipPadding.ZEROS,
            AudioInput::padding,
            "how a sound that is shorter than a window is extended: `zeros` adds silence, `repeat` repeats the sound");
    static final Key<ContentKind> READS = KEYS.required(
            "input.reads",
            choice(ContentKind.class),
            audio -> audio.reads().kind(),
            "content of a window: samples, frames of mel bins, or frames that another ONNX model computes");

    /** The keys of this record. */
    static final KeyTable<AudioInput> TABLE = KEYS.variant(
                    READS, Set.of(ContentKind.LOG_MEL, ContentKind.STAGE), FrameForm.TABLE, AudioInput::form)
            .variant(READS, Set.of(ContentKind.LOG_MEL), LogMel.TABLE, audio -> as(LogMel.class, audio))
            .variant(READS, Set.of(ContentKind.STAGE), Stage.TABLE, audio -> as(Stage.class, audio))
            .group(ClipWindows.TABLE, AudioInput::windows)
            .rule(values -> breaches(values.get(SAMPLE_RATE), content(values), ClipWindows.TABLE.from(values)))
            .build(values -> new AudioInput(
                    values.get(NAME),
                    values.get(SAMPLE_RATE),
                    values.get(AMPLITUDE),
                    values.get(MAX_SECONDS),
                    values.get(PADDING),
                    content(values),
                    ClipWindows.TABLE.from(values)));

    public AudioInput {
        NAME.check(name);
        SAMPLE_RATE.check(sampleRate);
        MAX_SECONDS.check(maxSeconds);
        Breach.refuse(breaches(sampleRate, reads, windows));
    }

    @Override
    public InputKind kind() {
        return InputKind.AUDIO;
    }

    /** Returns the largest number of samples of a clip that the model reads. */
    public int maxSamples() {
        return (int) Math.round(maxSeconds * sampleRate);
    }

    /**
     * Returns a copy that pads short clips with silence, for tasks such as speech recognition in which repeating a clip
     * would change the result.
     */
    public AudioInput withSilence() {
        return TABLE.with(this, PADDING, ClipPadding.ZEROS);
    }

    /** Returns a copy with another content of windows. */
    public AudioInput withReads(WindowContent other) {
        return new AudioInput(name, sampleRate, amplitude, maxSeconds, padding, other, windows);
    }

    /** Returns the shape of one window as the model reads it, without the batch axis. */
    public List<Integer> shape() {
        return reads.shape(windows.size());
    }

    private static WindowContent content(KeyValues values) {
        return switch (values.get(READS)) {
            case WAVEFORM -> new RawWaveform();
            case LOG_MEL -> LogMel.TABLE.from(values);
            case STAGE -> Stage.TABLE.from(values);
        };
    }

    private @Nullable FrameForm form() {
        if (reads instanceof LogMel mel) {
            return mel.form();
        }
        return reads instanceof Stage stage ? stage.form() : null;
    }

    private static <C extends WindowContent> @Nullable C as(Class<C> type, AudioInput audio) {
        return type.isInstance(audio.reads) ? type.cast(audio.reads) : null;
    }

    private static List<Breach> breaches(int sampleRate, WindowContent reads, ClipWindows windows) {
        List<Breach> breaches = new ArrayList<>();
        if (reads instanceof LogMel mel) {
            if (mel.spectrum().frameSize() > mel.spectrum().fftSize()) {
                breaches.add(new Breach(
                        Spectrum.FRAME_SIZE,
                        Spectrum.FRAME_SIZE.path() + " must be at most " + Spectrum.FFT_SIZE.path() + ", which is "
                                + mel.spectrum().fftSize() + ", but is "
                                + mel.spectrum().frameSize()));
            }
            if (mel.filters().low() >= mel.filters().high() || mel.filters().high() > sampleRate / 2.0) {
                breaches.add(new Breach(
                        MelFilters.HIGH,
                        MelFilters.HIGH.path() + " must be above " + MelFilters.LOW.path() + ", which is "
                                + mel.filters().low() + ", and at most half of " + SAMPLE_RATE.path()
                                + ", which is " + sampleRate + ", but is "
                                + mel.filters().high()));
            }
        }
        long values =
                reads.shape(windows.size()).stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b);
        if (values > ManifestTypes.MAX_VALUES) {
            breaches.add(new Breach(
                    ClipWindows.SIZE,
                    ClipWindows.SIZE.path() + " must give windows of at most " + ManifestTypes.MAX_VALUES
                            + " values, but is " + windows.size()));
        }
        return breaches;
    }

    /** The value range of samples. */
    public enum Amplitude {
        /** Samples from −1 to 1. */
        UNIT,
        /** Samples from −32768 to 32767. */
        INT16
    }

    /** How a short clip is padded. */
    public enum ClipPadding {
        /** Silence. */
        ZEROS,
        /** The clip is repeated as often as necessary. */
        REPEAT
    }
}
