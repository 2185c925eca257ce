package io.headwater.domain;

/**
 * Names one model version exactly.
 *
 * @param lane whose history it belongs to
 * @param number from 1, rising by one
 * @param artifact digest of the head's weights, what {@code replay} reproduces
 * @param checkpoint digest of everything that training goes on from: weights, optimiser state, replay buffer, anchor set
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
