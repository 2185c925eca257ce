package io.headwater.standalone.play;

import java.util.List;

/** Validates the parameters of environments. */
final class EnvironmentRules {
    private EnvironmentRules() {}

    /**
     * Checks that {@code value} lies within a range.
     *
     * @throws IllegalArgumentException when it does not
     */
    static void range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s of an environment must be from %s to %s, but is %s; choose another"
                    .formatted(name, least, most, value));
        }
    }

    /**
     * Checks that {@code value} is positive and at most 1000.
     *
     * @throws IllegalArgumentException when it is not
     */
    static void positive(String name, double value) {
        if (!(value > 0 && value <= 1000)) {
            throw new IllegalArgumentException(
                    "%s of an environment must be above 0 and at most 1000, but is %s; choose another"
                            .formatted(name, value));
        }
    }

    /**
     * Checks the index of an action and returns it.
     *
     * @throws IllegalArgumentException if there is no such action
     */
    static int action(int index, List<String> actions) {
        if (index < 0 || index >= actions.size()) {
            throw new IllegalArgumentException("an action must be an index from 0 to %d, of %s, but is %d"
                    .formatted(actions.size() - 1, actions, index));
        }
        return index;
    }
}
