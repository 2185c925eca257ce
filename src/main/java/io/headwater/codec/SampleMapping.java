package io.headwater.codec;

import io.headwater.domain.Ask;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Limits;
import io.headwater.domain.Prediction;
import io.headwater.domain.Prediction.Adapted;
import io.headwater.domain.Provenance;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Maps samples, requests, predictions and asks to Avro records and back. */
final class SampleMapping {

    private SampleMapping() {}

    static io.headwater.events.Sample toAvro(Sample sample) {
        return new io.headwater.events.Sample(
                sample.id(),
                PayloadMapping.toAvro(sample.payload()),
                sample.label() == null ? null : LabelMapping.toAvro(sample.label()),
                sample.observedAt(),
                toAvro(sample.provenance()));
    }

    static Sample fromAvro(io.headwater.events.Sample event) {
        return new Sample(
                id(event.getId()),
                PayloadMapping.fromAvro(event.getPayload()),
                event.getLabel() == null ? null : LabelMapping.fromAvro(event.getLabel()),
                event.getObservedAt(),
                fromAvro(event.getProvenance()));
    }

    private static io.headwater.events.@Nullable Provenance toAvro(@Nullable Provenance provenance) {
        if (provenance == null) {
            return null;
        }
        Label corrected = provenance.corrects();
        return new io.headwater.events.Provenance(
                VersionMapping.toAvro(provenance.version()),
                provenance.askedAt(),
                provenance.answeredAt(),
                corrected == null ? null : LabelMapping.toAvro(corrected),
                provenance.asked());
    }

    private static @Nullable Provenance fromAvro(io.headwater.events.@Nullable Provenance event) {
        return event == null
                ? null
                : new Provenance(
                        VersionMapping.fromAvro(event.getVersion()),
                        event.getAskedAt(),
                        event.getAnsweredAt(),
                        event.getCorrects() == null ? null : LabelMapping.fromAvro(event.getCorrects()),
                        event.getAsked());
    }

    static io.headwater.events.Request toAvro(Request request) {
        return new io.headwater.events.Request(
                request.id(), PayloadMapping.toAvro(request.payload()), request.askedAt(), request.adaptation());
    }

    static Request fromAvro(io.headwater.events.Request event) {
        return new Request(
                id(event.getId()),
                PayloadMapping.fromAvro(event.getPayload()),
                event.getAskedAt(),
                adaptation(event.getAdaptation()));
    }

    private static String adaptation(String name) {
        if (!name.isEmpty() && !Lane.isAdaptation(name)) {
            throw new RejectionException(
                    Reason.MALFORMED,
                    "adaptation must be empty or 1 to 100 letters, digits, '.', '_' or '-', but is '"
                            + Abbreviation.of(name, Limits.NAME) + "'; name the one that should answer");
        }
        return name;
    }

    static io.headwater.events.Prediction toAvro(Prediction prediction) {
        return new io.headwater.events.Prediction(
                prediction.requestId(),
                prediction.domain(),
                VersionMapping.toAvro(prediction.version()),
                prediction.label(),
                LabelMapping.toAvro(prediction.answer()),
                // Sorted, so that equal events have equal bytes.
                new TreeMap<>(prediction.probabilities()),
                RegionMapping.toAvro(prediction.region()),
                prediction.abstain(),
                prediction.at(),
                prediction.asked(),
                prediction.adapted() == Adapted.UNKNOWN
                        ? null
                        : io.headwater.events.Adapted.valueOf(
                                prediction.adapted().name()),
                prediction.shadow());
    }

    static Prediction fromAvro(io.headwater.events.Prediction event) {
        return new Prediction(
                event.getRequestId(),
                event.getDomain(),
                VersionMapping.fromAvro(event.getVersion()),
                event.getAnswer() == null
                        ? new Label.ClassLabel(event.getLabel())
                        : LabelMapping.fromAvro(event.getAnswer()),
                event.getProbabilities(),
                RegionMapping.fromAvro(event.getRegion()),
                event.getAbstain(),
                event.getAt(),
                event.getAsked(),
                event.getAdapted() == null
                        ? Adapted.UNKNOWN
                        : Adapted.valueOf(event.getAdapted().name()),
                event.getShadow());
    }

    static io.headwater.events.Ask toAvro(Ask ask) {
        return new io.headwater.events.Ask(
                VersionMapping.toAvro(ask.lane()),
                ask.requestId(),
                PayloadMapping.toAvro(ask.payload()),
                VersionMapping.toAvro(ask.version()),
                LabelMapping.toAvro(ask.answer()),
                ask.score(),
                ask.strategy(),
                ask.probability(),
                ask.at());
    }

    static Ask fromAvro(io.headwater.events.Ask event) {
        return new Ask(
                VersionMapping.fromAvro(event.getLane()),
                event.getRequestId(),
                PayloadMapping.fromAvro(event.getPayload()),
                VersionMapping.fromAvro(event.getVersion()),
                LabelMapping.fromAvro(event.getAnswer()),
                event.getScore(),
                event.getStrategy(),
                event.getProbability(),
                event.getAt());
    }

    /** Returns {@code id}, which must be one of a sample or a request. */
    static String id(String id) {
        if (id.isEmpty() || id.length() > Limits.ID) {
            throw new RejectionException(
                    Reason.MALFORMED,
                    "id must have 1 to " + Limits.ID + " characters, but has " + id.length()
                            + (id.isEmpty()
                                    ? "; give one that is unique in the domain"
                                    : ", beginning with '" + Abbreviation.of(id, 20)
                                            + "'; shorten it, by a hash for example"));
        }
        return id;
    }
}
