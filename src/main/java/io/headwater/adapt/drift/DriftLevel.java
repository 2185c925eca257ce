package io.headwater.adapt.drift;

/** How certain a detector is that the stream has changed, in ascending order. */
public enum DriftLevel {
    /** No sign of a change. */
    NONE,
    /** A change is possible. */
    WARNING,
    /** The stream has changed. */
    DRIFT
}
