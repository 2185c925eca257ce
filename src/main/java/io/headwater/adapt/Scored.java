package io.headwater.adapt;

import org.jspecify.annotations.Nullable;

/**
 * A sample, scored before anything learned from it.
 *
 * @param expected its label
 * @param champion what the serving version said; null when none serves
 * @param learner what the head in training said; null when it has not learned a class yet
 */
public record Scored(
        String expected,
        @Nullable String champion,
        @Nullable String learner) {

    /** Whether the serving version was right. */
    public boolean championRight() {
        return expected.equals(champion);
    }

    /** Whether the head in training was right. */
    public boolean learnerRight() {
        return expected.equals(learner);
    }
}
