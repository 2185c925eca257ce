package io.headwater.domain;

import java.util.List;

/**
 * A sample that a lane has learned from and then forgotten.
 *
 * @param sampleId id of the sample
 * @param offset offset of the sample on the lane's partition of the samples topic
 * @param afterSteps number of steps of the version that were taken before the sample was forgotten
 * @param remaining names of the parts of the lane that still depend on the sample, because it cannot be removed from
 *     them; for people
 */
public record ForgottenSample(String sampleId, long offset, int afterSteps, List<String> remaining) {
    public ForgottenSample {
        remaining = List.copyOf(remaining);
        if (offset < 0 || afterSteps < 0) {
            throw new IllegalArgumentException(
                    "offset and steps of a forgotten sample must not be negative, but are %d and %d"
                            .formatted(offset, afterSteps));
        }
    }
}
