package io.headwater.predictor;

import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.serving.ServingListener;

/** Listens to a predictor. Its methods are called on the predictor's thread and must not block or throw. */
public interface PredictorListener extends ServingListener {
    /** A listener that does nothing. */
    PredictorListener NONE = new PredictorListener() {};

    /** A batch was answered and committed. */
    default void answered(int predictions) {}

    /**
     * Requests of a lane were answered, of which some were chosen for people to label.
     *
     * @param chosen how many
     * @param left how many may still be chosen on this day; the largest integer where there is no limit
     */
    default void asked(Lane lane, int chosen, int left) {}

    /** Another predictor chooses the requests of a lane from now on. */
    default void asksNoLonger(Lane lane) {}

    /** A request becomes a dead letter. */
    default void rejected(Rejection rejection) {}

    /** A record of {@code topic} that Headwater did not write was skipped. */
    default void foreign(String topic) {}

    /** A batch failed and will be read again. */
    default void recovering(Exception cause) {}
}
