package io.headwater.trainer;

/** How a trainer is. */
public enum TrainerStatus {
    /** Not yet polling. */
    STARTING,
    /** At work. */
    RUNNING,
    /** Rebuilding from what is committed after a failure. */
    RECOVERING,
    /** Stopped because it was asked to. */
    STOPPED,
    /** Stopped because it cannot go on; the log says why. */
    FAILED
}
