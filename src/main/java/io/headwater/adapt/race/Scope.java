package io.headwater.adapt.race;

/** Which samples of a lane a contender learns from. */
enum Scope {
    /** All samples. */
    ALL(""),
    /** Those since the last detected change. */
    SINCE_CHANGE("-since-change"),
    /** The newest ones. */
    RECENT("-recent"),
    /** None. */
    NONE("");

    private final String suffix;

    Scope(String suffix) {
        this.suffix = suffix;
    }

    /** Returns the end of the name of a contender that learns from these samples. */
    String suffix() {
        return suffix;
    }
}
