package io.headwater.task.sound;

import io.headwater.config.AudioInput;
import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;
import java.util.Arrays;

/** Converts WAV files, FLAC files and raw samples to sound at the base model's sample rate. */
public final class AudioPreparation implements Preparation {
    private final AudioInput input;
    private final SoundDecoder decoder;

    /** Creates a preparation of sounds for {@code input}. */
    public AudioPreparation(AudioInput input, LimitsConfig limits) {
        this.input = input;
        decoder = new SoundDecoder(limits);
    }

    /**
     * {@inheritDoc} A sound is mixed down to one channel, resampled, and truncated to the maximum duration that the
     * base model reads.
     */
    @Override
    public Outcome<ModelInput> input(PayloadView view) {
        Payload payload = view.payload();
        if (!(payload instanceof Payload.Waveform waveform)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "payload must be of kind waveform, but is " + payload.kind()
                            + "; send it to an adaptation of its kind");
        }
        return decoder.decode(waveform).then(sound -> {
            int most = input.maxSamples();
            // Resample only the part that is kept, plus one second, because the filter of the last samples reads
            // beyond them.
            int near = (int) Math.ceil(input.maxSeconds() * sound.rate()) + sound.rate();
            float[] resampled = Resampler.resampled(head(sound.samples(), near), sound.rate(), input.sampleRate());
            return Outcome.ok(new ModelInput.Sound(head(resampled, most)));
        });
    }

    private static float[] head(float[] samples, int most) {
        return samples.length <= most ? samples : Arrays.copyOf(samples, most);
    }
}
