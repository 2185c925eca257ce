package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Ask;
import io.headwater.domain.Command;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateLabel;
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
        assertSame(value(codec.decode(EventType.SAMPLE, codec.encode(EventType.SAMPLE, sample))), sample);
    }

    @Property(tries = 100)
    void shouldReadARequestAsItWasWritten(@ForAll Request request) {
        assertSame(value(codec.decode(EventType.REQUEST, codec.encode(EventType.REQUEST, request))), request);
    }

    @Property(tries = 100)
    void shouldReadACommandAsItWasWritten(@ForAll Command command) {
        assertThat(value(codec.decode(EventType.COMMAND, codec.encode(EventType.COMMAND, command))))
                .isEqualTo(command);
    }

    @Property(tries = 100)
    void shouldReadALateLabelAsItWasWritten(@ForAll LateLabel label) {
        assertSame(value(codec.decode(EventType.LATE_LABEL, codec.encode(EventType.LATE_LABEL, label))), label);
    }

    @Property(tries = 100)
    void shouldReadALateEvaluationAsItWasWritten(@ForAll LateEvaluation evaluation) {
        assertThat(codec.decodeOrThrow(EventType.LATE_EVALUATION, codec.encode(EventType.LATE_EVALUATION, evaluation)))
                .isEqualTo(evaluation);
    }

    @Property(tries = 100)
    void shouldReadAPredictionAsItWasWritten(@ForAll Prediction prediction) {
        assertSame(
                codec.decodeOrThrow(EventType.PREDICTION, codec.encode(EventType.PREDICTION, prediction)), prediction);
    }

    @Property(tries = 100)
    void shouldReadAnAskAsItWasWritten(@ForAll Ask ask) {
        assertSame(codec.decodeOrThrow(EventType.ASK, codec.encode(EventType.ASK, ask)), ask);
    }

    @Property(tries = 100)
    void shouldReadFeaturesAsTheyWereWritten(@ForAll FeaturizedRecord features) {
        assertSame(codec.decodeOrThrow(EventType.FEATURES, codec.encode(EventType.FEATURES, features)), features);
    }

    @Property(tries = 100)
    void shouldReadAVersionAsItWasWritten(@ForAll ModelVersion version) {
        assertThat(codec.decodeOrThrow(EventType.MODEL_VERSION, codec.encode(EventType.MODEL_VERSION, version)))
                .isEqualTo(version);
    }

    @Property(tries = 100)
    void shouldReadServingAsItWasWritten(@ForAll Serving serving) {
        assertThat(codec.decodeOrThrow(EventType.SERVING, codec.encode(EventType.SERVING, serving)))
                .isEqualTo(serving);
    }

    @Property(tries = 100)
    void shouldReadTrainerStateAsItWasWritten(@ForAll TrainerState state) {
        assertThat(codec.decodeOrThrow(EventType.TRAINER_STATE, codec.encode(EventType.TRAINER_STATE, state)))
                .isEqualTo(state);
    }

    @Property(tries = 100)
    void shouldReadAnEvaluationAsItWasWritten(@ForAll Evaluation evaluation) {
        assertThat(codec.decodeOrThrow(EventType.EVALUATION, codec.encode(EventType.EVALUATION, evaluation)))
                .isEqualTo(evaluation);
    }

    /** Both are in one topic. */
    @Property(tries = 100)
    void shouldReadADriftSignalAsItWasWrittenAndNotAsAnEvaluation(@ForAll DriftSignal signal) {
        byte[] bytes = codec.encode(EventType.DRIFT_SIGNAL, signal);

        assertThat(codec.decodeOrThrow(EventType.DRIFT_SIGNAL, bytes)).isEqualTo(signal);
        assertThat(codec.decode(EventType.EVALUATION, bytes)).isInstanceOf(Outcome.Rejected.class);
    }

    @Property(tries = 50)
    void shouldWriteEqualEventsAsEqualBytes(@ForAll ModelVersion version) {
        ModelVersion again =
                codec.decodeOrThrow(EventType.MODEL_VERSION, codec.encode(EventType.MODEL_VERSION, version));

        assertThat(codec.encode(EventType.MODEL_VERSION, again))
                .isEqualTo(codec.encode(EventType.MODEL_VERSION, version));
    }

    @Property(tries = 200)
    void shouldRejectEveryTruncation(@ForAll Sample sample, @ForAll @IntRange(max = 99) int percent) {
        byte[] whole = codec.encode(EventType.SAMPLE, sample);

        assertThat(codec.decode(EventType.SAMPLE, Arrays.copyOf(whole, whole.length * percent / 100)))
                .isInstanceOf(Outcome.Rejected.class);
    }

    @Property(tries = 500)
    void shouldSurviveEveryFlippedBit(@ForAll Sample sample, @ForAll @IntRange(max = 1 << 20) int place) {
        byte[] bytes = codec.encode(EventType.SAMPLE, sample);
        bytes[place / 8 % bytes.length] ^= (byte) (1 << place % 8);

        assertThat(codec.decode(EventType.SAMPLE, bytes)).isNotNull();
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void shouldSurviveRandomBodies(@ForAll Sample sample, @ForAll @Size(max = 200) byte[] noise) {
        byte[] bytes = Arrays.copyOf(codec.encode(EventType.SAMPLE, sample), 10 + noise.length);
        System.arraycopy(noise, 0, bytes, 10, noise.length);

        assertThat(codec.decode(EventType.SAMPLE, bytes)).isNotNull();
        assertThat(codec.decode(EventType.SAMPLE, noise)).isInstanceOf(Outcome.Rejected.class);
        assertThat(codec.decode(EventType.COMMAND, noise)).isInstanceOf(Outcome.Rejected.class);
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
