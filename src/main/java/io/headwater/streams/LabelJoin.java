package io.headwater.streams;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Provenance;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.kafka.RecordKeys;
import io.headwater.streams.DueTimes.Due;
import io.headwater.streams.DueTimes.Kind;
import io.headwater.streams.Evaluations.Answered;
import io.headwater.streams.KnownAnswer.KnownLabel;
import io.headwater.task.LabelScore;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Joins the requests, predictions and labels of a partition, in whatever order they come. A request is joined when all three are
 * there, or it expires; both happen once. What was joined stays until the request would have expired, for labels that correct it.
 *
 * <p>All adaptations read all of these topics. A label belongs to the adaptation whose prediction answers the request; the others
 * forget it as soon as they see that prediction. A label that belongs to none becomes a dead letter of the adaptation that takes
 * what is for no adaptation in particular.
 */
final class LabelJoin {
    /** How often the label of a request can be corrected. */
    static final int MOST_CORRECTIONS = 16;

    /** Room for the key of a sample and the framing of its batch. */
    private static final int SAMPLE_ROOM = 2048;

    private final StreamsSetup setup;
    private final Codec codec;
    private final KeyValueStore<Bytes, byte[]> requests;
    private final KeyValueStore<Bytes, byte[]> answers;
    private final EarlyLabels early;
    private final DueTimes due;
    private final Evaluations evaluations;
    private final JoinOutput output;
    private final BooleanSupplier isForUnnamed;
    private final Duration wait;

    LabelJoin(
            StreamsSetup setup,
            KeyValueStore<Bytes, byte[]> requests,
            KeyValueStore<Bytes, byte[]> answers,
            EarlyLabels early,
            DueTimes due,
            Evaluations evaluations,
            JoinOutput output,
            BooleanSupplier isForUnnamed) {
        this.setup = setup;
        this.codec = setup.codec();
        this.requests = requests;
        this.answers = answers;
        this.early = early;
        this.due = due;
        this.evaluations = evaluations;
        this.output = output;
        this.isForUnnamed = isForUnnamed;
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
        KnownAnswer answer = answer(key);
        if (answer != null && answer.isElsewhere()) {
            return;
        }
        if (!named.isEmpty() && !named.equals(setup.adaptation())) {
            if (answer == null) {
                leaveToAnother(key, record.timestamp());
            }
            return;
        }
        if (requests.get(key) != null) {
            happened(JoinEvent.REASKED);
            return;
        }
        OpenRequest opened = new OpenRequest(record.timestamp(), !named.isEmpty(), record.value());
        requests.put(key, opened.encode());
        if (answer == null) {
            expireLater(key, record.timestamp());
        } else {
            joinEarly(request, key, opened, answer);
        }
    }

    /** Takes note of a prediction. Only the first one for a request counts. */
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
        if (answer(key) != null) {
            return;
        }
        OpenRequest opened = opened(key);
        if (!prediction.version().lane().adaptation().equals(setup.adaptation())) {
            requests.delete(key);
            if (opened == null) {
                leaveToAnother(key, record.timestamp());
            } else {
                answers.put(key, KnownAnswer.ELSEWHERE.encode());
                early.remove(key);
            }
            return;
        }
        KnownAnswer answer =
                new KnownAnswer(codec.encode(EventType.PREDICTION, withoutProbabilities(prediction)), null);
        answers.put(key, answer.encode());
        if (opened == null) {
            expireLater(key, record.timestamp());
        } else {
            joinEarly(request, key, opened, answer);
        }
    }

    private static Prediction withoutProbabilities(Prediction prediction) {
        return new Prediction(
                prediction.requestId(),
                prediction.domain(),
                prediction.version(),
                prediction.answer(),
                Map.of(),
                null,
                prediction.abstain(),
                prediction.at(),
                prediction.asked(),
                prediction.adapted());
    }

    private void leaveToAnother(Bytes key, long time) {
        answers.put(key, KnownAnswer.ELSEWHERE.encode());
        early.remove(key);
        expireLater(key, time);
    }

    private void expireLater(Bytes key, long time) {
        due.schedule(time + wait.toMillis(), Kind.REQUEST, key);
    }

    private void joinEarly(RequestKey request, Bytes key, OpenRequest opened, KnownAnswer answer) {
        ConsumerRecord<byte[], byte[]> waiting = early.get(key);
        if (waiting != null) {
            early.remove(key);
            join(request, key, opened, answer, waiting);
        }
    }

    /**
     * Joins a label with its request, or lets it wait.
     *
     * @param record as it is on the topic of labels
     */
    void label(ConsumerRecord<byte[], byte[]> record) {
        LateLabel label = codec.decodeOrThrow(EventType.LATE_LABEL, record.value());
        RequestKey request = new RequestKey(label.domain(), label.id());
        Bytes key = request.bytes();
        KnownAnswer answer = answer(key);
        if (answer != null && answer.isElsewhere()) {
            return;
        }
        OpenRequest opened = opened(key);
        if (answer == null || opened == null) {
            waitForRequest(request, key, opened, record, label);
        } else {
            join(request, key, opened, answer, record);
        }
    }

    private void waitForRequest(
            RequestKey request,
            Bytes key,
            @Nullable OpenRequest opened,
            ConsumerRecord<byte[], byte[]> record,
            LateLabel label) {
        ConsumerRecord<byte[], byte[]> waiting = early.get(key);
        if (waiting != null) {
            LateLabel before = codec.decodeOrThrow(EventType.LATE_LABEL, waiting.value());
            if (Arrays.equals(comparable(before), comparable(label))) {
                happened(JoinEvent.REPEATED);
                return;
            }
            happened(JoinEvent.OUTDATED);
            if (observed(label, record) < observed(before, waiting)) {
                return;
            }
        }
        if (early.put(key, record)) {
            happened(JoinEvent.EARLY);
            due.schedule(record.timestamp() + setup.settings().early().toMillis(), Kind.LABEL, key);
        } else if (isForUnnamed.getAsBoolean() || opened != null && opened.isNamed()) {
            output.letter(
                    record,
                    new Rejection(
                            Reason.TOO_MANY_LABELS,
                            ("a label must come after its request, or be one of at most %d with at most %d bytes on its partition"
                                            + " that wait, but request %s has not come or is not answered yet; send labels after"
                                            + " the predictions, and this one again later")
                                    .formatted(EarlyLabels.MOST, EarlyLabels.MOST_BYTES, request)));
        }
    }

    private void join(
            RequestKey request,
            Bytes key,
            OpenRequest opened,
            KnownAnswer answer,
            ConsumerRecord<byte[], byte[]> record) {
        Duration delay = Duration.ofMillis(Math.max(0, record.timestamp() - opened.time()));
        if (delay.compareTo(wait) > 0) {
            output.letter(record, unknown(request));
            return;
        }
        Prediction prediction = codec.decodeOrThrow(EventType.PREDICTION, answer.prediction());
        LateLabel late = codec.decodeOrThrow(EventType.LATE_LABEL, record.value());
        Outcome<Double> score = LabelScore.of(setup.goal(), late.label(), prediction.answer());
        if (score instanceof Outcome.Rejected<Double> rejected) {
            output.letter(record, rejected.rejection());
            return;
        }
        Joining joining = new Joining(
                key,
                opened,
                answer,
                prediction,
                record,
                late,
                new Scored(
                        late.label(), prediction.answer(), ((Outcome.Ok<Double>) score).value(), prediction.asked()));
        KnownLabel known = answer.label();
        if (known == null) {
            first(joining, delay);
        } else {
            another(joining, known);
        }
    }

    /** A label beside all that belongs to it. */
    private record Joining(
            Bytes key,
            OpenRequest opened,
            KnownAnswer answer,
            Prediction prediction,
            ConsumerRecord<byte[], byte[]> record,
            LateLabel late,
            Scored scored) {
        Answered answered(String adaptation) {
            return new Answered(new Lane(adaptation, prediction.domain()), prediction.version(), opened.time());
        }
    }

    private void first(Joining joining, Duration delay) {
        if (send(joining, null)) {
            keep(joining, 0);
            evaluations.joined(joining.answered(setup.adaptation()), joining.scored(), delay);
            happened(JoinEvent.JOINED);
            setup.listener().labelled(delay);
        }
    }

    private void another(Joining joining, KnownLabel known) {
        long observed = observed(joining.late(), joining.record());
        if (Arrays.equals(known.value(), comparable(joining.late()))) {
            happened(JoinEvent.REPEATED);
            if (observed > known.observed()) {
                keep(joining, known.corrections());
            }
        } else if (observed < known.observed()) {
            happened(JoinEvent.OUTDATED);
        } else if (known.corrections() >= MOST_CORRECTIONS) {
            output.letter(
                    joining.record(),
                    new Rejection(
                            Reason.TOO_MANY_LABELS,
                            "the label of a request can be corrected %d times, but that of '%s' was; find out which one is right"
                                    .formatted(MOST_CORRECTIONS, joining.late().id())));
        } else {
            Label before =
                    codec.decodeOrThrow(EventType.LATE_LABEL, known.value()).label();
            if (send(joining, before)) {
                keep(joining, known.corrections() + 1);
                Scored after = joining.scored();
                evaluations.corrected(
                        joining.answered(setup.adaptation()),
                        new Scored(before, after.predicted(), known.score(), after.asked()),
                        after);
                happened(JoinEvent.CORRECTED);
            }
        }
    }

    private void keep(Joining joining, int corrections) {
        KnownLabel known = new KnownLabel(
                comparable(joining.late()),
                observed(joining.late(), joining.record()),
                corrections,
                joining.scored().score());
        answers.put(joining.key(), joining.answer().with(known).encode());
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
                        joining.late().label(),
                        joining.late().observedAt(),
                        new Provenance(
                                prediction.version(),
                                request.askedAt(),
                                prediction.at(),
                                corrects,
                                prediction.asked())));
        int most = setup.clients().topics().maxRecordBytes();
        if (value.length > Math.max(most / 2, most - SAMPLE_ROOM)) {
            output.letter(
                    joining.record(),
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
        OpenRequest opened = opened(key);
        KnownAnswer answer = answer(key);
        if (opened != null && answer == null) {
            happened(JoinEvent.UNANSWERED);
        } else if (opened != null && answer != null && answer.label() == null && !answer.isElsewhere()) {
            Prediction prediction = codec.decodeOrThrow(EventType.PREDICTION, answer.prediction());
            evaluations.expired(new Answered(
                    new Lane(setup.adaptation(), prediction.domain()), prediction.version(), opened.time()));
            happened(JoinEvent.EXPIRED);
        }
        ConsumerRecord<byte[], byte[]> waiting = early.get(key);
        if (waiting != null) {
            early.remove(key);
            if (isForUnnamed.getAsBoolean() || opened != null && opened.isNamed()) {
                output.letter(waiting, unknown(RequestKey.of(key)));
            }
        }
        requests.delete(key);
        answers.delete(key);
    }

    /** Gives a label up whose request did not come. As long as the request is open, the label waits for the prediction. */
    private void giveUp(Due one) {
        ConsumerRecord<byte[], byte[]> waiting = early.get(one.key());
        boolean isDue = waiting != null
                && waiting.timestamp() + setup.settings().early().toMillis() <= one.time();
        if (waiting == null || !isDue || opened(one.key()) != null || answer(one.key()) != null) {
            return;
        }
        early.remove(one.key());
        if (isForUnnamed.getAsBoolean()) {
            output.letter(waiting, unknown(RequestKey.of(one.key())));
        }
    }

    private Rejection unknown(RequestKey request) {
        return new Rejection(
                Reason.UNKNOWN_REQUEST,
                ("a label must come at most %s before its request (headwater.labels.early) and %s after it (headwater.labels.wait),"
                                + " but request %s is not known or too old, or was not answered; correct id and domain, or send the"
                                + " label earlier")
                        .formatted(setup.settings().early(), wait, request));
    }

    /** When a label was observed, in milliseconds since the epoch; never after it came. */
    private static long observed(LateLabel label, ConsumerRecord<byte[], byte[]> record) {
        return label.observedAt().equals(Instant.EPOCH)
                ? record.timestamp()
                : Math.min(record.timestamp(), millis(label.observedAt()));
    }

    private static long millis(Instant instant) {
        return instant.getEpochSecond() < 0
                ? 0
                : Math.min(instant.getEpochSecond(), Integer.MAX_VALUE * 1000L) * 1000 + instant.getNano() / 1_000_000;
    }

    /** The label without the time of its observation. Equal labels have equal bytes; their records compare arrays by identity. */
    private byte[] comparable(LateLabel late) {
        return codec.encode(EventType.LATE_LABEL, new LateLabel(late.id(), late.domain(), late.label(), Instant.EPOCH));
    }

    private @Nullable OpenRequest opened(Bytes key) {
        byte[] value = requests.get(key);
        return value == null ? null : OpenRequest.decode(value);
    }

    private @Nullable KnownAnswer answer(Bytes key) {
        byte[] value = answers.get(key);
        return value == null ? null : KnownAnswer.decode(value);
    }

    private void happened(JoinEvent event) {
        setup.listener().happened(event);
    }
}
