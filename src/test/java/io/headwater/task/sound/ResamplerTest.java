package io.headwater.task.sound;

import static io.headwater.testing.TestSounds.tone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
    /** At the ends the sound is as if silence came before and after. */
    private static final int EDGE = 200;

    @ParameterizedTest
    @CsvSource({
        "8000, 16000, 440",
        "8000, 16000, 3500",
        "44100, 16000, 7000",
        "48000, 16000, 50",
        "11025, 8000, 3000",
        "16000, 44100, 7000",
        "22050, 48000, 1000"
    })
    void shouldGiveTheSineThatTheOtherRateHas(int from, int to, double hertz) {
        float[] resampled = Resampler.resampled(tone(hertz, from, from / 4, 0.8), from, to);

        float[] expected = tone(hertz, to, resampled.length, 0.8);
        for (int i = EDGE; i < resampled.length - EDGE; i++) {
            assertThat(resampled[i]).isCloseTo(expected[i], within(2e-3f));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "48000, 16000, 8100",
        "48000, 16000, 10000",
        "48000, 16000, 23000",
        "44100, 8000, 4200",
        "16000, 8000, 6000"
    })
    void shouldTakeAwayWhatTheLowerRateCannotHold(int from, int to, double hertz) {
        float[] resampled = Resampler.resampled(tone(hertz, from, from / 4, 1), from, to);

        // At least 66 dB below, with what would be the mirrored tone
        for (int i = EDGE; i < resampled.length - EDGE; i++) {
            assertThat(Math.abs(resampled[i])).isLessThan(5e-4f);
        }
    }

    @ParameterizedTest
    @CsvSource({"8000, 16000, 4100", "8000, 16000, 7000"})
    void shouldAddNoMirrorImagesAboveTheLowerRate(int from, int to, double image) {
        // Given a tone whose image would be at so many hertz
        float[] resampled = Resampler.resampled(tone(from - image, from, from / 2, 1), from, to);

        double cosines = 0;
        double sines = 0;
        int count = resampled.length - 2 * EDGE;
        for (int i = EDGE; i < EDGE + count; i++) {
            double window = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - EDGE) / count);
            cosines += window * resampled[i] * Math.cos(2 * Math.PI * image * i / to);
            sines += window * resampled[i] * Math.sin(2 * Math.PI * image * i / to);
        }
        assertThat(Math.hypot(cosines, sines) * 4 / count).isLessThan(5e-4);
    }

    @Test
    void shouldKeepAConstantAndTheSameRate() {
        float[] ones = new float[2000];
        Arrays.fill(ones, 1);

        float[] resampled = Resampler.resampled(ones, 44_100, 16_000);

        for (int i = EDGE; i < resampled.length - EDGE; i++) {
            assertThat(resampled[i]).isCloseTo(1, within(5e-4f));
        }
        assertThat(Resampler.resampled(ones, 8000, 8000)).isSameAs(ones);
    }

    @Property(tries = 50)
    void shouldLastAsLongAtAnyRates(
            @ForAll @IntRange(min = 80, max = 2000) int samples,
            @ForAll @IntRange(min = 8000, max = 48_000) int from,
            @ForAll @IntRange(min = 8000, max = 48_000) int to) {
        float[] sound = tone(440, from, samples, 1);

        float[] resampled = Resampler.resampled(sound, from, to);

        assertThat((double) resampled.length / to).isCloseTo((double) samples / from, within(1.0 / to));
        assertThat(Resampler.resampled(sound, from, to)).isEqualTo(resampled);
    }
}
