package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a sample comes from whose label became known after a prediction.
 *
 * @param version the version that answered the request
 * @param askedAt when the request was made; the epoch when this is not known
 * @param answeredAt when the prediction was made
 * @param corrects the label with which the same sample was sent before, and which was wrong; null for the first label of
 *     the request
 * @param asked the probability with which the request was chosen to be labelled, from 0 to 1; 0 when nobody was asked for
 *     its label
 */
public record Provenance(
        VersionRef version,
        Instant askedAt,
        Instant answeredAt,
        @Nullable Label corrects,
        double asked) {
    public Provenance {
        if (!(asked >= 0 && asked <= 1)) {
            throw new IllegalArgumentException(
                    "asked is the probability with which a request was chosen to be labelled and must be from 0 to 1, but is "
                            + asked + "; give 0 when nobody was asked");
        }
    }
}
