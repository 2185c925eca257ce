package io.headwater.adapt;

import io.headwater.domain.Label;
import org.jspecify.annotations.Nullable;

/**
 * A sample, scored before anything learned from it.
 *
 * @param expected its label
 * @param champion what the serving version said; null when none serves
 * @param learner what the head in training said; null when it has not learned yet
 */
public record Scored(
        Label expected, @Nullable Answer champion, @Nullable Answer learner) {

    /**
     * What a head said.
     *
     * @param label as it would be published
     * @param score how good it is, 0 to 1
     */
    public record Answer(Label label, double score) {}

    /** How good the serving version's answer is, 0 to 1; 0 when none serves. */
    public double championScore() {
        return champion == null ? 0 : champion.score();
    }

    /** How good the answer of the head in training is, 0 to 1; 0 when it has not learned yet. */
    public double learnerScore() {
        return learner == null ? 0 : learner.score();
    }
}
