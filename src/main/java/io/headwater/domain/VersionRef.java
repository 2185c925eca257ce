package io.headwater.domain;

/**
 * Identifies one model version uniquely.
 *
 * @param lane the lane that the version belongs to
 * @param number version number, which starts at 1 and increases by one
 * @param artifact digest of the head's weights, which {@code replay} reproduces
 * @param checkpoint digest of the state from which training continues: weights, optimiser state, replay buffer and
 *     guard set
 */
public record VersionRef(Lane lane, long number, Digest artifact, Digest checkpoint) {
    public VersionRef {
        if (number < 1) {
            throw new IllegalArgumentException(
                    "version number of lane " + lane + " must be positive, but is " + number);
        }
    }

    @Override
    public String toString() {
        return lane + "@" + number;
    }
}
