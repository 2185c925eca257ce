package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Command;
import io.headwater.domain.Evaluation;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;

@Domain(DomainArbitraries.class)
@Domain(net.jqwik.api.domains.DomainContext.Global.class)
class CodecPropertyTest {

    private final Codec codec = new Codec(1 << 20);

    @Property(tries = 300)
    void shouldReadASampleAsItWasWritten(@ForAll Sample sample) {
        assertSame(value(codec.sample(codec.encode(sample))), sample);
    }

    @Property(tries = 100)
    void shouldReadARequestAsItWasWritten(@ForAll Request request) {
        assertSame(value(codec.request(codec.encode(request))), request);
    }

    @Property(tries = 100)
    void shouldReadACommandAsItWasWritten(@ForAll Command command) {
        assertThat(value(codec.command(codec.encode(command)))).isEqualTo(command);
    }

    @Property(tries = 100)
    void shouldReadAPredictionAsItWasWritten(@ForAll Prediction prediction) {
        assertSame(codec.prediction(codec.encode(prediction)), prediction);
    }

    @Property(tries = 100)
    void shouldReadAVersionAsItWasWritten(@ForAll ModelVersion version) {
        assertThat(codec.modelVersion(codec.encode(version))).isEqualTo(version);
    }

    @Property(tries = 100)
    void shouldReadServingAsItWasWritten(@ForAll Serving serving) {
        assertThat(codec.serving(codec.encode(serving))).isEqualTo(serving);
    }

    @Property(tries = 100)
    void shouldReadTrainerStateAsItWasWritten(@ForAll TrainerState state) {
        assertThat(codec.trainerState(codec.encode(state))).isEqualTo(state);
    }

    @Property(tries = 100)
    void shouldReadAnEvaluationAsItWasWritten(@ForAll Evaluation evaluation) {
        assertThat(codec.evaluation(codec.encode(evaluation))).isEqualTo(evaluation);
    }

    @Property(tries = 50)
    void shouldWriteEqualEventsAsEqualBytes(@ForAll ModelVersion version) {
        ModelVersion again = codec.modelVersion(codec.encode(version));

        assertThat(codec.encode(again)).isEqualTo(codec.encode(version));
    }

    @Property(tries = 200)
    void shouldRejectEveryTruncation(@ForAll Sample sample, @ForAll @IntRange(max = 99) int percent) {
        byte[] whole = codec.encode(sample);

        assertThat(codec.sample(Arrays.copyOf(whole, whole.length * percent / 100)))
                .isInstanceOf(Outcome.Rejected.class);
    }

    @Property(tries = 500)
    void shouldSurviveEveryFlippedBit(@ForAll Sample sample, @ForAll @IntRange(max = 1 << 20) int place) {
        byte[] bytes = codec.encode(sample);
        bytes[place / 8 % bytes.length] ^= (byte) (1 << place % 8);

        assertThat(codec.sample(bytes)).isNotNull();
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void shouldSurviveRandomBodies(@ForAll Sample sample, @ForAll @Size(max = 200) byte[] noise) {
        byte[] bytes = Arrays.copyOf(codec.encode(sample), 10 + noise.length);
        System.arraycopy(noise, 0, bytes, 10, noise.length);

        assertThat(codec.sample(bytes)).isNotNull();
        assertThat(codec.sample(noise)).isInstanceOf(Outcome.Rejected.class);
        assertThat(codec.command(noise)).isInstanceOf(Outcome.Rejected.class);
    }

    private static <T> T value(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<T>) outcome).value();
    }

    // Payloads own arrays, which records compare by identity.
    private static void assertSame(Object actual, Object expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }
}
