package io.headwater.fuzz;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.LimitsConfig;
import io.headwater.config.WindowContent.RawWaveform;
import io.headwater.domain.Payload;
import io.headwater.task.Preparation;
import io.headwater.task.sound.AudioPreparation;

/** Sounds, prepared for a model that reads two seconds at 16 kHz. */
abstract class SoundFuzzing extends ReaderFuzzing {
    private static final Preparation PREPARATION = new AudioPreparation(
            new AudioInput(
                    "sound",
                    16_000,
                    Amplitude.UNIT,
                    2,
                    ClipPadding.ZEROS,
                    new RawWaveform(),
                    new ClipWindows(1600, 1600, WindowPooling.MEAN)),
            LimitsConfig.DEFAULT);

    /** Prepares an encoded file, or raw samples if {@code rate} is positive. */
    static void prepare(byte[] bytes, int rate) {
        PREPARATION.prepare(new Payload.Waveform(bytes, rate));
    }
}
