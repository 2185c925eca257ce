package io.headwater.adapt;

import io.headwater.config.AdaptationConfig;

/** Files of small lanes: what they publish, and their checkpoints. */
public final class LaneFiles {
    private LaneFiles() {}

    /** A kind of file. */
    public enum Kind {
        HEAD(LaneStream.config()),
        GRADIENT_CHECKPOINT(LaneStream.config()),
        CLOSED_CHECKPOINT(ClosedLane.config(12));

        private final AdaptationConfig config;

        Kind(AdaptationConfig config) {
            this.config = config;
        }
    }

    /** Writes a file of a lane that has learned and has a champion. */
    public static byte[] write(Kind kind) {
        try (LaneLearner learner = LaneStream.untrained(kind.config)) {
            LaneStream.learn(learner, LaneStream.samples(1, 20, 3), 4);
            learner.promote(learner.artifact());
            LaneStream.learn(learner, LaneStream.samples(2, 8, 3), 4);
            return kind == Kind.HEAD ? learner.artifact().toBytes() : learner.checkpoint();
        }
    }

    /**
     * Reads a file, as predictors and trainers do.
     *
     * @throws io.headwater.domain.ArtifactException if it is no such file
     * @throws io.headwater.config.ConfigurationException if the lane cannot be continued
     */
    public static void read(Kind kind, byte[] file) {
        if (kind == Kind.HEAD) {
            HeadArtifact.fromBytes(file).open(LaneStream.heads(kind.config)).close();
        } else {
            LaneLearner.restored(kind.config, LaneStream.goal(kind.config), LaneStream.heads(kind.config), file)
                    .close();
        }
    }
}
