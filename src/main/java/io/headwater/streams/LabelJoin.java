package io.headwater.streams;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.kafka.RecordKeys;
import io.headwater.streams.DueTimes.Due;
import io.headwater.streams.DueTimes.Kind;
import io.headwater.streams.Evaluations.Answered;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;

/**
 * Joins the requests, predictions and labels of a partition, in whatever order they come. A request is joined when all three are
 * there, or it expires; both happen once. What was joined stays until the request would have expired, for labels that correct it.
 *
 * <p>All adaptations read all of these topics. A label belongs to the adaptation whose prediction answers the request; the others
 * forget it as soon as they see that prediction. A label that belongs to none becomes a dead letter of the adaptation that takes
 * what is for no adaptation in particular.
 */
final class LabelJoin {
    private final StreamsSetup setup;
    private final Codec codec;
    private final KnownRequests known;
    private final WaitingLabels waiting;
    private final LabelledAnswers labelled;
    private final DueTimes due;
    private final Evaluations evaluations;
    private final JoinOutput output;
    private final Duration wait;

    LabelJoin(
            StreamsSetup setup,
            KnownRequests known,
            WaitingLabels waiting,
            DueTimes due,
            Evaluations evaluations,
            JoinOutput output) {
        this.setup = setup;
        this.codec = setup.codec();
        this.known = known;
        this.waiting = waiting;
        this.labelled = new LabelledAnswers(setup, known, evaluations, output);
        this.due = due;
        this.evaluations = evaluations;
        this.output = output;
        this.wait = setup.settings().patience();
    }

    /** Opens a request. One that cannot be read is none: the predictor makes a dead letter of it. */
    void request(ConsumerRecord<byte[], byte[]> record) {
        Outcome<String> domain = RecordKeys.check(record, setup.clients().topics());
        if (domain instanceof Outcome.Ok<String> ok
                && codec.decode(EventType.REQUEST, record.value()) instanceof Outcome.Ok<Request> request) {
            open(
                    new RequestKey(ok.value(), request.value().id()),
                    request.value().adaptation(),
                    record);
        }
    }

    private void open(RequestKey request, String named, ConsumerRecord<byte[], byte[]> record) {
        Bytes key = request.bytes();
        KnownAnswer answer = known.answer(key);
        if (answer != null && answer.isElsewhere()) {
            return;
        }
        if (!named.isEmpty() && !named.equals(setup.adaptation())) {
            if (answer == null) {
                leaveToAnother(key, record.timestamp());
            }
            return;
        }
        if (known.opened(key) != null) {
            setup.listener().happened(JoinEvent.REASKED);
            return;
        }
        OpenRequest opened = new OpenRequest(record.timestamp(), !named.isEmpty(), record.value());
        known.put(key, opened);
        if (answer == null) {
            expireLater(key, record.timestamp());
        } else {
            answered(request, key, opened, answer);
        }
    }

    /** Takes note of a prediction, or of that of a challenger. Only the first one for a request counts. */
    void prediction(ConsumerRecord<byte[], byte[]> record) {
        Outcome<Prediction> read = codec.decode(EventType.PREDICTION, record.value());
        if (!(read instanceof Outcome.Ok<Prediction> ok)
                || setup.clients().topics().partitionOf(ok.value().domain()) != record.partition()) {
            setup.listener().foreign(record.topic());
            return;
        }
        Prediction prediction = ok.value();
        RequestKey request = new RequestKey(prediction.domain(), prediction.requestId());
        Bytes key = request.bytes();
        if (prediction.shadow()) {
            shadow(key, prediction);
            return;
        }
        if (known.answer(key) != null) {
            return;
        }
        OpenRequest opened = known.opened(key);
        if (!prediction.version().lane().adaptation().equals(setup.adaptation())) {
            if (opened == null) {
                leaveToAnother(key, record.timestamp());
            } else {
                known.leave(key);
                waiting.forget(key);
            }
            return;
        }
        KnownAnswer answer = new KnownAnswer(reduced(prediction), null, null);
        known.put(key, answer);
        if (opened == null) {
            expireLater(key, record.timestamp());
        } else {
            answered(request, key, opened, answer);
        }
    }

    /**
     * Keeps what a challenger would have answered beside the answer. It is written after the answer, to the same partition; without an
     * answer, the request is not known any more, or the answer of another adaptation.
     */
    private void shadow(Bytes key, Prediction prediction) {
        KnownAnswer answer = known.answer(key);
        if (answer == null
                || answer.isElsewhere()
                || answer.shadow() != null
                || !prediction.version().lane().adaptation().equals(setup.adaptation())) {
            return;
        }
        KnownAnswer both = answer.withShadow(reduced(prediction));
        known.put(key, both);
        setup.listener().happened(JoinEvent.SHADOWED);
        OpenRequest opened = known.opened(key);
        if (opened != null) {
            labelled.shadow(opened, both);
        }
    }

    /** Returns what is kept of a prediction: of its probabilities only that of its answer, if the answer is a class. */
    private byte[] reduced(Prediction prediction) {
        double expected = Scored.expectedScore(prediction);
        return codec.encode(
                EventType.PREDICTION,
                new Prediction(
                        prediction.requestId(),
                        prediction.domain(),
                        prediction.version(),
                        prediction.answer(),
                        Double.isNaN(expected) ? Map.of() : Map.of(prediction.label(), (float) expected),
                        null,
                        prediction.abstain(),
                        prediction.at(),
                        prediction.asked(),
                        prediction.adapted(),
                        prediction.shadow()));
    }

    private void leaveToAnother(Bytes key, long time) {
        known.leave(key);
        waiting.forget(key);
        expireLater(key, time);
    }

    private void expireLater(Bytes key, long time) {
        due.schedule(time + wait.toMillis(), Kind.REQUEST, key);
    }

    /** A request and its answer are both there. */
    private void answered(RequestKey request, Bytes key, OpenRequest opened, KnownAnswer answer) {
        if (setup.asks()) {
            Prediction prediction = codec.decodeOrThrow(EventType.PREDICTION, answer.prediction());
            evaluations.answered(of(prediction, opened), Scored.expectedScore(prediction));
        }
        LabelView label = waiting.take(key);
        if (label != null) {
            join(request, key, opened, answer, label);
        }
    }

    /**
     * Joins a label with its request, or lets it wait.
     *
     * @param record as it is on the topic of labels
     */
    void label(ConsumerRecord<byte[], byte[]> record) {
        LabelView label = LabelView.of(record, codec);
        RequestKey request =
                new RequestKey(label.label().domain(), label.label().id());
        Bytes key = request.bytes();
        KnownAnswer answer = known.answer(key);
        if (answer != null && answer.isElsewhere()) {
            return;
        }
        OpenRequest opened = known.opened(key);
        if (answer == null || opened == null) {
            waiting.add(request, key, opened, label);
        } else {
            join(request, key, opened, answer, label);
        }
    }

    private void join(RequestKey request, Bytes key, OpenRequest opened, KnownAnswer answer, LabelView label) {
        Duration delay = Duration.ofMillis(Math.max(0, label.record().timestamp() - opened.time()));
        if (delay.compareTo(wait) > 0) {
            output.letter(label.record(), waiting.unknown(request));
        } else {
            labelled.label(key, opened, answer, label, delay);
        }
    }

    /** Does what is due. */
    void due(Due one) {
        switch (one.kind()) {
            case REQUEST -> expire(one.key());
            case LABEL -> giveUp(one);
            case EVALUATION -> evaluations.publish(one.key());
            case PERIOD -> evaluations.end(one.key(), one.time());
        }
    }

    private void expire(Bytes key) {
        OpenRequest opened = known.opened(key);
        KnownAnswer answer = known.answer(key);
        if (opened != null && answer == null) {
            setup.listener().happened(JoinEvent.UNANSWERED);
        } else if (opened != null && answer != null && answer.label() == null && !answer.isElsewhere()) {
            evaluations.expired(of(codec.decodeOrThrow(EventType.PREDICTION, answer.prediction()), opened));
            if (answer.shadow() != null) {
                evaluations.expired(of(codec.decodeOrThrow(EventType.PREDICTION, answer.shadow()), opened));
            }
            setup.listener().happened(JoinEvent.EXPIRED);
        }
        waiting.expire(key, opened);
        known.forget(key);
    }

    private Answered of(Prediction prediction, OpenRequest opened) {
        return Answered.of(setup.adaptation(), prediction, opened);
    }

    /** As long as the request is open, or its answer is known, the label waits for the other one. */
    private void giveUp(Due one) {
        if (known.opened(one.key()) == null && known.answer(one.key()) == null) {
            waiting.giveUp(one);
        }
    }
}
