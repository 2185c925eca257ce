package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.util.Optional;

/**
 * A goal whose targets end in what heads themselves expect of what comes next, and so change while a lane learns. A target
 * is complete once that is worked out: then nothing more is expected of it.
 */
public interface Bootstrap {

    /**
     * What is seen next, whose features a target needs; empty when nothing comes, or the payload is of a kind that will be
     * refused.
     *
     * @param payload of a sample whose label gave a target
     */
    Optional<Payload> next(Payload payload, Label label);

    /** After so many steps the target network becomes the head in training; positive. */
    int targetSteps();

    /**
     * The numbers of a target, complete.
     *
     * @param numbers of the target
     * @param chooser logits of what comes next, by the head that chooses
     * @param valuer logits of what comes next, by the head that says what the choice is worth; at most as many
     */
    float[] complete(float[] numbers, float[] chooser, float[] valuer);
}
