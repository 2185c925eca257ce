package io.headwater.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Payload;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PayloadDigestTest {

    /** A cache would else give the features of one for those of another. */
    @Property(tries = 300)
    void shouldTellPairsFromEachOtherAndFromTexts(@ForAll String first, @ForAll String second) {
        Payload pair = new Payload.TextPair(first, second);

        assertThat(PayloadDigest.of(pair)).isEqualTo(PayloadDigest.of(new Payload.TextPair(first, second)));
        assertThat(PayloadDigest.of(pair)).isNotEqualTo(PayloadDigest.of(new Payload.Text(first + second)));
        assertThat(PayloadDigest.of(pair)).isNotEqualTo(PayloadDigest.of(new Payload.TextPair(first + "a", second)));
        if (!second.isEmpty() && !Character.isSurrogate(second.charAt(0))) {
            Payload moved = new Payload.TextPair(first + second.charAt(0), second.substring(1));
            assertThat(PayloadDigest.of(pair)).isNotEqualTo(PayloadDigest.of(moved));
        }
    }

    @Test
    void shouldTellRatesOfTheSameSamples() {
        byte[] samples = {1, 2, 3, 4};

        assertThat(List.of(
                        PayloadDigest.of(new Payload.Waveform(samples, 8000)),
                        PayloadDigest.of(new Payload.Waveform(samples, 16_000)),
                        PayloadDigest.of(new Payload.Waveform(samples, 0))))
                .doesNotHaveDuplicates();
    }
}
