package io.headwater.ops.trace;

import io.headwater.board.DeadLetter;
import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Prediction;
import io.headwater.domain.Provenance;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.ServedVersion;
import io.headwater.ops.trace.RequestTrace.Answered;
import io.headwater.ops.trace.RequestTrace.Asked;
import io.headwater.ops.trace.RequestTrace.Joined;
import io.headwater.ops.trace.RequestTrace.Labelled;
import io.headwater.ops.trace.RequestTrace.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Collects what was found about the request of one domain. Not thread-safe. */
final class Findings {
    private static final double MILLIS = 1000;

    private final List<Answered> predictions = new ArrayList<>();
    private final List<Labelled> labels = new ArrayList<>();
    private final List<Joined> samples = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    private @Nullable Asked request;
    private long left;

    /** Of several requests with the same id, the first one counts. */
    void request(ConsumerRecord<byte[], byte[]> record, Request found) {
        if (request != null) {
            left++;
            return;
        }
        Place place = place(record);
        request = new Asked(
                place,
                known(found.askedAt(), place),
                found.payload().kind(),
                record.value().length,
                found.adaptation());
    }

    void prediction(ConsumerRecord<byte[], byte[]> record, Prediction found) {
        add(
                predictions,
                new Answered(
                        place(record),
                        found.at(),
                        found.version(),
                        found.label(),
                        found.probabilities().get(found.label()),
                        found.abstain(),
                        found.asked(),
                        found.shadow()));
    }

    void label(ConsumerRecord<byte[], byte[]> record, LateLabel found) {
        Place place = place(record);
        add(
                labels,
                new Labelled(
                        place, known(found.observedAt(), place), found.label().text(), null, null));
    }

    void sample(ConsumerRecord<byte[], byte[]> record, Sample found) {
        Provenance provenance = found.provenance();
        Label corrects = provenance == null ? null : provenance.corrects();
        Label label = found.label();
        add(
                samples,
                new Joined(
                        place(record),
                        label == null ? null : label.text(),
                        corrects == null ? null : corrects.text(),
                        List.of()));
    }

    void letter(DeadLetter letter) {
        add(letters, letter);
    }

    private <T> void add(List<T> list, T found) {
        if (list.size() < RequestTrace.MOST) {
            list.add(found);
        } else {
            left++;
        }
    }

    private static Place place(ConsumerRecord<byte[], byte[]> record) {
        return new Place(record.topic(), record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()));
    }

    private static Instant known(Instant told, Place place) {
        return told.equals(Instant.EPOCH) ? place.at() : told;
    }

    RequestTrace trace(String domain, SampleFates fates, Function<Instant, List<ServedVersion>> served) {
        Asked asked = request;
        return new RequestTrace(
                domain,
                asked,
                asked == null ? List.of() : served.apply(asked.askedAt()),
                List.copyOf(predictions),
                labels(),
                samples.stream()
                        .map(sample -> new Joined(
                                sample.place(),
                                sample.label(),
                                sample.corrects(),
                                fates.of(domain, sample.place(), letters)))
                        .toList(),
                List.copyOf(letters),
                left);
    }

    /** Returns the labels in the order in which they came, with what each of them corrects. */
    private List<Labelled> labels() {
        List<Labelled> told = new ArrayList<>();
        String before = null;
        for (Labelled one : labels.stream()
                .sorted(Comparator.comparing(label -> label.place().at()))
                .toList()) {
            told.add(new Labelled(
                    one.place(),
                    one.observedAt(),
                    one.label(),
                    request == null
                            ? null
                            : Duration.between(request.askedAt(), one.observedAt())
                                            .toMillis()
                                    / MILLIS,
                    before == null || before.equals(one.label()) ? null : before));
            before = one.label();
        }
        return told;
    }
}
