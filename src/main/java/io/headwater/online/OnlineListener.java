package io.headwater.online;

import io.headwater.domain.Rejection;
import io.headwater.serving.ServingListener;
import java.time.Duration;

/** Listens to a role that answers callers. Its methods must not block or throw. */
public interface OnlineListener extends ServingListener {
    /** A listener that does nothing. */
    OnlineListener NONE = new OnlineListener() {};

    /**
     * A batch was answered.
     *
     * @param requests number of its requests
     * @param time from the features to the predictions
     */
    default void batched(int requests, Duration time) {}

    /** A request cannot be answered because of its content. */
    default void refused(Rejection rejection) {}

    /** A call was not answered, for a reason that is not in its requests. */
    default void turnedAway(CallResult.Cause cause) {}

    /** The answer of a challenger was written. */
    default void shadowed() {}

    /** A challenger did not answer a request that was chosen for it, or its answer was not written. */
    default void shadowDropped(CallResult.Cause cause) {}
}
