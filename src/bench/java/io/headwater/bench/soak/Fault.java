package io.headwater.bench.soak;

/** The faults of a soak. */
enum Fault {
    KILL_TRAINER("a trainer killed", true),
    KILL_PREDICTOR("a predictor killed", true),
    KILL_BROKER("a broker killed", true),
    PAUSE_TRAINER("a trainer paused", false),
    PAUSE_PREDICTOR("a predictor paused", false),
    PAUSE_BROKER("a broker paused", false),
    FULL_DISK("the disk full", false),
    STORE_AWAY("the store away", false);

    private final String title;
    private final boolean kill;

    Fault(String title, boolean kill) {
        this.title = title;
        this.kill = kill;
    }

    /** Returns its name in the result. */
    String title() {
        return title;
    }

    boolean isKill() {
        return kill;
    }
}
