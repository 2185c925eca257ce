package io.headwater.task.sound;

import static io.headwater.task.Rejections.assertRejected;
import static io.headwater.testing.TestSounds.tone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.LimitsConfig;
import io.headwater.config.WindowContent.RawWaveform;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import io.headwater.task.PayloadDigest;
import io.headwater.task.Preparation;
import io.headwater.testing.TestSounds;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AudioPreparationTest {
    private static final AudioInput INPUT = new AudioInput(
            "sound",
            8000,
            Amplitude.INT16,
            0.5,
            ClipPadding.ZEROS,
            new RawWaveform(),
            new ClipWindows(800, 800, WindowPooling.MEAN));
    private static final Preparation PREPARATION =
            new AudioPreparation(INPUT, new LimitsConfig(1, 1, 1, 1 << 20, 60, 10));

    @Test
    void shouldResampleASoundAndCutItOff() {
        float[] samples = samples(TestSounds.wav(tone(440, 44_100, 3 * 44_100, 0.5), 44_100), 0);

        float[] expected = tone(440, 8000, 4000, 0.5);
        assertThat(samples).hasSize(4000);
        for (int i = 200; i < 4000; i++) {
            assertThat(samples[i]).isCloseTo(expected[i], within(2e-3f));
        }
    }

    @Test
    void shouldLeaveAShortSoundAsShortAsItIs() {
        float[] tone = tone(440, 8000, 200, 0.5);

        assertThat(samples(TestSounds.flac(tone, 8000), 0)).hasSize(200).isEqualTo(samples(TestSounds.pcm(tone), 8000));
        assertThat(samples(TestSounds.pcm(tone), 16_000)).hasSize(100);
    }

    @Test
    void shouldRejectAnotherKindOfPayload() {
        assertRejected(PREPARATION.prepare(new Payload.Text("yes")), Reason.WRONG_KIND, "kind waveform, but is text");
    }

    @Property
    void shouldTakeOrRejectAnyBytesAtAnyRate(
            @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(max = 60_000) int rate) {
        assertThat(PREPARATION.prepare(new Payload.Waveform(bytes, rate))).isNotNull();
        assertThat(PREPARATION.prepare(new Payload.Waveform(bytes, 0))).isInstanceOf(Outcome.Rejected.class);
    }

    @Test
    void shouldNameSoundsByTheirBytesAndRate() {
        byte[] bytes = TestSounds.pcm(tone(440, 8000, 100, 0.5));

        assertThat(List.of(
                        PayloadDigest.of(new Payload.Waveform(bytes, 0)),
                        PayloadDigest.of(new Payload.Waveform(bytes, 8000)),
                        PayloadDigest.of(new Payload.Waveform(bytes, 16_000))))
                .doesNotHaveDuplicates();
        assertThat(PayloadDigest.of(new Payload.Waveform(bytes.clone(), 8000)))
                .isEqualTo(PayloadDigest.of(new Payload.Waveform(bytes, 8000)));
    }

    private static float[] samples(byte[] bytes, int rate) {
        Outcome<ModelInput> outcome = PREPARATION.prepare(new Payload.Waveform(bytes, rate));
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((ModelInput.Sound) ((Outcome.Ok<ModelInput>) outcome).value()).samples();
    }
}
