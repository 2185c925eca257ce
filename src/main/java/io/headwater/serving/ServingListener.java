package io.headwater.serving;

import io.headwater.domain.Lane;
import io.headwater.domain.Serving;

/** Listens to the heads that serve. Its methods are called on the thread that answers and must not block or throw. */
public interface ServingListener {
    /** A listener that does nothing. */
    ServingListener NONE = new ServingListener() {};

    /** Another version serves a lane from now on. */
    default void swapped(Lane lane, Serving serving) {}

    /** No version serves a lane any more. */
    default void gone(Lane lane) {}
}
