package io.headwater.trainer;

/** What a trainer's own thread and others tell each other: that it should stop, and how it is. */
final class TrainerControl {
    private volatile boolean stopping;
    private volatile TrainerStatus status = TrainerStatus.STARTING;

    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    void become(TrainerStatus now) {
        status = now;
    }

    TrainerStatus status() {
        return status;
    }
}
