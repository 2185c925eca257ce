package io.headwater.codec;

import io.headwater.domain.Label;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import java.util.TreeMap;

/** What comes in, labelled or not, and what is answered. */
final class Samples {

    private static final int MAX_ID = 200;

    private Samples() {}

    static io.headwater.events.Sample write(Sample sample) {
        return new io.headwater.events.Sample(
                sample.id(), Payloads.write(sample.payload()), Labels.write(sample.label()), sample.observedAt());
    }

    static Sample read(io.headwater.events.Sample event) {
        return new Sample(
                id(event.getId()),
                Payloads.read(event.getPayload()),
                Labels.read(event.getLabel()),
                event.getObservedAt());
    }

    static io.headwater.events.Request write(Request request) {
        return new io.headwater.events.Request(request.id(), Payloads.write(request.payload()), request.askedAt());
    }

    static Request read(io.headwater.events.Request event) {
        return new Request(id(event.getId()), Payloads.read(event.getPayload()), event.getAskedAt());
    }

    static io.headwater.events.Prediction write(Prediction prediction) {
        return new io.headwater.events.Prediction(
                prediction.requestId(),
                prediction.domain(),
                Versions.write(prediction.version()),
                prediction.label(),
                Labels.write(prediction.answer()),
                // Sorted, so that equal events are equal bytes.
                new TreeMap<>(prediction.probabilities()),
                prediction.at());
    }

    static Prediction read(io.headwater.events.Prediction event) {
        return new Prediction(
                event.getRequestId(),
                event.getDomain(),
                Versions.read(event.getVersion()),
                event.getAnswer() == null ? new Label.ClassLabel(event.getLabel()) : Labels.read(event.getAnswer()),
                event.getProbabilities(),
                event.getAt());
    }

    private static String id(String id) {
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new Refusal(
                    Reason.MALFORMED,
                    "id must have 1 to " + MAX_ID + " characters, but has " + id.length()
                            + (id.isEmpty()
                                    ? "; give one that is unique in the domain"
                                    : ", beginning with '" + Abbreviation.of(id, 20)
                                            + "'; shorten it, by a hash for example"));
        }
        return id;
    }
}
