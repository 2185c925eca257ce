package io.headwater.config;

import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.MelFilters.MelNorm;
import io.headwater.config.MelFilters.MelScale;
import io.headwater.config.Spectrum.Measure;
import io.headwater.config.Spectrum.Taper;
import io.headwater.domain.Digest;

/** The keys of a base model's manifest with {@code type: audio}. */
final class AudioKeys {
    /** What a window consists of. */
    enum ReadsKind {
        WAVEFORM,
        LOG_MEL,
        STAGE
    }

    static final ScalarKey<Integer> SAMPLE_RATE = Keys.whole("input.sample-rate", 8000, 48000);
    static final ScalarKey<Amplitude> AMPLITUDE = Keys.choice("input.amplitude", Amplitude.class);
    static final ScalarKey<Double> MAX_SECONDS =
            Keys.decimal("input.max-seconds", "a number from 0.05 to 120", value -> value >= 0.05 && value <= 120);
    static final ScalarKey<ClipPadding> PADDING = Keys.choice("input.padding", ClipPadding.class);
    static final ScalarKey<ReadsKind> READS = Keys.choice("input.reads", ReadsKind.class);

    static final ScalarKey<Integer> WINDOW_SIZE = Keys.whole("input.windows.size", 1, BaseModelKeys.MAX_VALUES);
    static final ScalarKey<Integer> WINDOW_STEP = Keys.whole("input.windows.step", 1, BaseModelKeys.MAX_VALUES);
    static final ScalarKey<WindowPooling> WINDOW_POOLING = Keys.choice("input.windows.pooling", WindowPooling.class);

    static final ScalarKey<Integer> BINS = Keys.whole("input.bins", 1, 512);
    static final ScalarKey<Axes> AXES = Keys.choice("input.axes", Axes.class);
    static final ScalarKey<Double> FACTOR =
            Keys.decimal("input.factor", "a finite number other than 0", value -> Double.isFinite(value) && value != 0);
    static final ScalarKey<Double> OFFSET = Keys.decimal("input.offset", "a finite number", Double::isFinite);

    static final ScalarKey<Integer> FFT_SIZE = new ScalarKey<>(
            "input.log-mel.fft-size",
            "an even number from 16 to 4096",
            Keys.whole("input.log-mel.fft-size", 16, 4096)::parse,
            value -> value >= 16 && value <= 4096 && value % 2 == 0);
    static final ScalarKey<Integer> FRAME_SIZE = Keys.whole("input.log-mel.frame-size", 16, 4096);
    static final ScalarKey<Integer> HOP = Keys.whole("input.log-mel.hop", 16, 4096);
    static final ScalarKey<Taper> TAPER = Keys.choice("input.log-mel.taper", Taper.class);
    static final ScalarKey<Measure> MEASURE = Keys.choice("input.log-mel.measure", Measure.class);
    static final ScalarKey<Double> LOW = hertz("input.log-mel.low");
    static final ScalarKey<Double> HIGH = hertz("input.log-mel.high");
    static final ScalarKey<MelScale> MEL_SCALE = Keys.choice("input.log-mel.scale", MelScale.class);
    static final ScalarKey<MelNorm> MEL_NORM = Keys.choice("input.log-mel.norm", MelNorm.class);
    static final ScalarKey<Double> FLOOR =
            Keys.decimal("input.log-mel.floor", "a number above 0 and at most 1", value -> value > 0 && value <= 1);

    static final ScalarKey<String> STAGE_LOCATION = BaseModelKeys.location("input.stage.location");
    static final ScalarKey<Digest> STAGE_DIGEST = Keys.digest("input.stage.digest");
    static final ScalarKey<String> STAGE_INPUT = Keys.text("input.stage.input", 1000);
    static final ScalarKey<String> STAGE_OUTPUT = Keys.text("input.stage.output", 1000);

    private AudioKeys() {}

    private static ScalarKey<Double> hertz(String path) {
        return Keys.decimal(path, "a number from 0 to 24000", value -> value >= 0 && value <= 24_000);
    }
}
