package io.headwater.trainer;

import io.headwater.domain.ModelVersion;

/** A version that cannot be rebuilt because the log no longer holds its samples. */
public final class ReplayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReplayException(ModelVersion version, int found) {
        super(
                ("version %s learned %d samples between offsets %d and %d of partition %d, but the log holds only %d of them;"
                                + " raise the retention of the samples topic to replay versions for longer")
                        .formatted(
                                version.ref(),
                                version.lineage().samples(),
                                version.lineage().fromOffset(),
                                version.lineage().toOffset(),
                                version.lineage().partition(),
                                found));
    }
}
