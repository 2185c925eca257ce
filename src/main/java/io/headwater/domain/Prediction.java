package io.headwater.domain;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, or what a challenger would have answered to it: one event of the {@code predictions} topic.
 *
 * @param requestId id of the request that this answers
 * @param domain domain of the request
 * @param version the version that made the prediction; it belongs to another lane than the request when a lane without
 *     a version of its own is served by its source
 * @param answer the predicted label, of the same kind as the labels of the task
 * @param probabilities probability of each class, 0 to 1; empty when the task has no class probabilities
 * @param region the outcomes that may be true; null when the task has none, when they are turned off, and as long as the
 *     lane has scored too few samples
 * @param abstain whether no answer is better than this doubtful one, by the configured cost of abstaining
 * @param at time of the prediction
 * @param asked the probability with which the request was chosen as an {@link Ask}, above 0 and up to 1; 0 when it was not
 *     chosen
 * @param adapted how far the version is adapted to the domain
 * @param shadow whether a challenger answered, whose answer no caller was given, and which stands behind the answer on the topic;
 *     whoever looks for the answer to a request must pass over it
 */
public record Prediction(
        String requestId,
        String domain,
        VersionRef version,
        Label answer,
        Map<String, Float> probabilities,
        @Nullable PredictionRegion region,
        boolean abstain,
        Instant at,
        double asked,
        Adapted adapted,
        boolean shadow) {
    public Prediction {
        // Not Map.copyOf, which needs time that grows with the square of the number of names with equal hash codes.
        probabilities = Collections.unmodifiableMap(new TreeMap<>(probabilities));
    }

    /** Creates the answer to a request that was not chosen as an ask, by a version of which it is not known how far it is adapted. */
    public Prediction(
            String requestId,
            String domain,
            VersionRef version,
            Label answer,
            Map<String, Float> probabilities,
            @Nullable PredictionRegion region,
            boolean abstain,
            Instant at) {
        this(requestId, domain, version, answer, probabilities, region, abstain, at, 0, Adapted.UNKNOWN, false);
    }

    /** How far a version is adapted to a domain. */
    public enum Adapted {
        /** It is not known, as in events of former releases. */
        UNKNOWN,
        /** It is a version of another lane, with which the lane of the domain starts. */
        NONE,
        /** It uses samples of the domain without a label. */
        ALIGNED,
        /** It was learned from samples of the domain with labels. */
        LEARNED
    }

    /** Returns this answer to a request that was chosen as an ask with {@code probability}. */
    public Prediction withAsked(double probability) {
        return new Prediction(
                requestId, domain, version, answer, probabilities, region, abstain, at, probability, adapted, shadow);
    }

    /** Returns this answer by a version that is adapted so far. */
    public Prediction withAdapted(Adapted far) {
        return new Prediction(
                requestId, domain, version, answer, probabilities, region, abstain, at, asked, far, shadow);
    }

    /** Returns this answer as that of a challenger, which no caller is given. */
    public Prediction asShadow() {
        return new Prediction(
                requestId, domain, version, answer, probabilities, region, abstain, at, asked, adapted, true);
    }

    /** Returns the answer as one line of text for people; for classes, this is the most probable class. */
    public String label() {
        return answer.text();
    }
}
