package io.headwater.adapt;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.task.Target;

/**
 * A valid sample as a lane learns it.
 *
 * @param payload of the sample
 * @param label of the sample
 * @param features of the backbone
 * @param target what the label teaches
 * @param next features of what is seen next, where the target needs them; else empty
 */
public record Example(Payload payload, Label label, float[] features, Target target, float[] next) {

    /** A sample whose target needs nothing of what is seen next. */
    public Example(Payload payload, Label label, float[] features, Target target) {
        this(payload, label, features, target, new float[0]);
    }
}
