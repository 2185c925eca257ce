package io.headwater.predictor;

import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Serving;

/** Is told what a predictor does, on the predictor's thread. Must not block or throw. */
public interface PredictorListener {
    /** A listener that does nothing. */
    PredictorListener NONE = new PredictorListener() {};

    /** A batch was answered and committed. */
    default void answered(int predictions) {}

    /** A lane is answered by another version from now on. */
    default void swapped(Lane lane, Serving serving) {}

    /** A request will be a dead letter. */
    default void rejected(Rejection rejection) {}

    /** Something failed; the batch is read again. */
    default void recovering(Exception cause) {}
}
