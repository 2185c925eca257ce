package io.headwater.online;

import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import java.util.List;

/** What becomes of a call. */
public sealed interface CallResult {

    /**
     * It is answered.
     *
     * @param outcomes for each request its prediction, all by the same version, or why it has none
     */
    record Answered(List<Outcome<Prediction>> outcomes) implements CallResult {
        public Answered {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * It is not answered, for a reason that is not in its requests.
     *
     * @param message text for people that names the thing, the rule and what to do
     */
    record TurnedAway(Cause cause, String message) implements CallResult {}

    /** Why calls are turned away. */
    enum Cause {
        /** As many requests wait as may wait. */
        FULL,
        /** The time for its answer has passed. */
        LATE,
        /** What it needs is not there at present: the role starts or stops, or a version cannot be loaded. */
        AWAY,
        /** The version that it names does not exist, or is no longer in the store. */
        UNKNOWN_VERSION,
        /** Answering it failed in a way that was not foreseen. */
        FAILED
    }
}
