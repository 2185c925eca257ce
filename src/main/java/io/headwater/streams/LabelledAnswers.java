package io.headwater.streams;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Provenance;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.streams.Evaluations.Answered;
import io.headwater.streams.KnownAnswer.KnownLabel;
import io.headwater.task.LabelScore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Makes samples and evaluations of the labels of answered requests. */
final class LabelledAnswers {
    /** How often the label of a request can be corrected. */
    static final int MOST_CORRECTIONS = 16;

    /** Room for the key of a sample and the framing of its batch. */
    private static final int SAMPLE_ROOM = 2048;

    private final StreamsSetup setup;
    private final Codec codec;
    private final KnownRequests known;
    private final Evaluations evaluations;
    private final JoinOutput output;

    LabelledAnswers(StreamsSetup setup, KnownRequests known, Evaluations evaluations, JoinOutput output) {
        this.setup = setup;
        this.codec = setup.codec();
        this.known = known;
        this.evaluations = evaluations;
        this.output = output;
    }

    /** A label beside all that belongs to it. */
    private record Joining(
            Bytes key, OpenRequest opened, KnownAnswer answer, Prediction prediction, LabelView label, Scored scored) {
        Answered answered(String adaptation) {
            return Answered.of(adaptation, prediction, opened);
        }
    }

    /** The answer of a challenger beside its label. */
    private record Challenged(Answered answered, Scored scored) {}

    /** Takes a label that came {@code delay} after its request, in time. */
    void label(Bytes key, OpenRequest opened, KnownAnswer answer, LabelView label, Duration delay) {
        Prediction prediction = codec.decodeOrThrow(EventType.PREDICTION, answer.prediction());
        Outcome<Double> score = LabelScore.of(setup.goal(), label.label().label(), prediction.answer());
        if (score instanceof Outcome.Rejected<Double> rejected) {
            output.letter(label.record(), rejected.rejection());
            return;
        }
        Joining joining = new Joining(
                key,
                opened,
                answer,
                prediction,
                label,
                Scored.of(label.label().label(), prediction, ((Outcome.Ok<Double>) score).value(), null));
        KnownLabel before = answer.label();
        if (before == null) {
            first(joining, delay);
        } else {
            another(joining, before);
        }
    }

    private void first(Joining joining, Duration delay) {
        if (send(joining, null)) {
            keep(joining, 0);
            evaluations.joined(joining.answered(setup.adaptation()), joining.scored(), delay);
            Scored scored = joining.scored();
            challenged(joining.answer(), joining.opened(), scored.expected(), scored.score())
                    .ifPresent(one -> evaluations.joined(one.answered(), one.scored(), delay));
            setup.listener().happened(JoinEvent.JOINED);
            setup.listener().labelled(delay);
        }
    }

    private void another(Joining joining, KnownLabel before) {
        LabelView label = joining.label();
        if (Arrays.equals(before.value(), label.comparable(codec))) {
            setup.listener().happened(JoinEvent.REPEATED);
            if (label.observed() > before.observed()) {
                keep(joining, before.corrections());
            }
        } else if (label.observed() < before.observed()) {
            setup.listener().happened(JoinEvent.OUTDATED);
        } else if (before.corrections() >= MOST_CORRECTIONS) {
            output.letter(
                    label.record(),
                    new Rejection(
                            Reason.TOO_MANY_LABELS,
                            "the label of a request can be corrected %d times, but that of '%s' was; find out which one is right"
                                    .formatted(MOST_CORRECTIONS, label.label().id())));
        } else {
            correct(joining, before);
        }
    }

    private void correct(Joining joining, KnownLabel before) {
        Label wrong = codec.decodeOrThrow(EventType.LATE_LABEL, before.value()).label();
        if (send(joining, wrong)) {
            keep(joining, before.corrections() + 1);
            Scored after = joining.scored();
            evaluations.corrected(
                    joining.answered(setup.adaptation()),
                    new Scored(wrong, after.predicted(), before.score(), after.expectedScore(), after.asked()),
                    after);
            Optional<Challenged> former = challenged(joining.answer(), joining.opened(), wrong, before.score());
            challenged(joining.answer(), joining.opened(), after.expected(), after.score())
                    .ifPresent(one -> former.ifPresent(
                            other -> evaluations.corrected(one.answered(), other.scored(), one.scored())));
            setup.listener().happened(JoinEvent.CORRECTED);
        }
    }

    /**
     * Scores the answer of a challenger that came after the label. When the label came is not kept; when it was observed is not later.
     */
    void shadow(OpenRequest opened, KnownAnswer answer) {
        KnownLabel joined = answer.label();
        if (joined != null) {
            Label label =
                    codec.decodeOrThrow(EventType.LATE_LABEL, joined.value()).label();
            Duration delay = Duration.ofMillis(Math.max(0, joined.observed() - opened.time()));
            challenged(answer, opened, label, joined.score())
                    .ifPresent(one -> evaluations.joined(one.answered(), one.scored(), delay));
        }
    }

    /**
     * Returns the answer of a challenger beside a label; empty when there is none, or when it cannot be scored by the label.
     *
     * @param beside score of the answer by this label
     */
    private Optional<Challenged> challenged(KnownAnswer answer, OpenRequest opened, Label label, double beside) {
        byte[] value = answer.shadow();
        if (value == null) {
            return Optional.empty();
        }
        Prediction prediction = codec.decodeOrThrow(EventType.PREDICTION, value);
        return LabelScore.of(setup.goal(), label, prediction.answer()) instanceof Outcome.Ok<Double> score
                ? Optional.of(new Challenged(
                        Answered.of(setup.adaptation(), prediction, opened),
                        Scored.of(label, prediction, score.value(), beside)))
                : Optional.empty();
    }

    private void keep(Joining joining, int corrections) {
        LabelView label = joining.label();
        known.put(
                joining.key(),
                joining.answer()
                        .with(new KnownLabel(
                                label.comparable(codec),
                                label.observed(),
                                corrections,
                                joining.scored().score())));
    }

    /** Sends a sample; when its topic cannot hold it, the label becomes a dead letter, and false is returned. */
    private boolean send(Joining joining, @Nullable Label corrects) {
        Request request =
                codec.decodeOrThrow(EventType.REQUEST, joining.opened().value());
        Prediction prediction = joining.prediction();
        byte[] value = codec.encode(
                EventType.SAMPLE,
                new Sample(
                        request.id(),
                        request.payload(),
                        joining.label().label().label(),
                        joining.label().label().observedAt(),
                        new Provenance(
                                prediction.version(),
                                request.askedAt(),
                                prediction.at(),
                                corrects,
                                prediction.asked())));
        int most = setup.clients().topics().maxRecordBytes();
        if (value.length > Math.max(most / 2, most - SAMPLE_ROOM)) {
            output.letter(
                    joining.label().record(),
                    new Rejection(
                            Reason.TOO_LARGE,
                            ("request '%s' and its label make a sample of %d bytes, which the topic of samples cannot hold; send"
                                            + " smaller requests, or raise headwater.topics.max-record-bytes, which is %d")
                                    .formatted(request.id(), value.length, most)));
            return false;
        }
        output.sample(prediction.domain(), value);
        return true;
    }
}
