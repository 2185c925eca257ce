package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.util.Optional;

/**
 * A goal whose targets depend on the predictions of heads for the next observation, and so change while a lane learns. A
 * target is complete when these predictions are in it; {@link #complete} leaves the numbers of a complete target as they
 * are.
 */
public interface Bootstrap {

    /**
     * The next observation, whose features the target depends on; empty when there is none, or when the payload is of a kind
     * that the preparation rejects.
     *
     * @param payload of a sample whose label gave a target
     */
    Optional<Payload> next(Payload payload, Label label);

    /** The number of steps after which the target network is copied from the head in training; positive. */
    int targetSteps();

    /**
     * The numbers of the complete target.
     *
     * @param numbers of the target
     * @param chooser logits for the next observation of the head that chooses the next action
     * @param valuer logits for the next observation of the head that estimates the value of that action; at most as many
     */
    float[] complete(float[] numbers, float[] chooser, float[] valuer);
}
