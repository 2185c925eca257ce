package io.headwater.kafka;

import java.time.Duration;

/** The topics of Headwater, each with what must hold of it. */
public enum Topic {
    /** Labelled samples, by domain. */
    SAMPLES("samples", Cleanup.DELETE, Duration.ofDays(30)),
    /** Late labels, by sample id. */
    LABELS("labels", Cleanup.DELETE, Duration.ofDays(7)),
    /** Unlabelled samples that want an answer, by domain. */
    REQUESTS("requests", Cleanup.DELETE, Duration.ofDays(7)),
    /** Answers, by domain. */
    PREDICTIONS("predictions", Cleanup.DELETE, Duration.ofDays(7)),
    /** The lineage log, by lane, kept for ever. */
    MODEL_VERSIONS("model-versions", Cleanup.DELETE, forever()),
    /** Which version serves, by lane. */
    SERVING("serving", Cleanup.COMPACT, forever()),
    /** The newest checkpoint, by lane. */
    TRAINER_STATE("trainer-state", Cleanup.COMPACT, forever()),
    /** Prequential windows and verdicts, by lane. */
    EVALUATIONS("evaluations", Cleanup.DELETE, Duration.ofDays(90)),
    /** What people want of a lane, by lane. */
    COMMANDS("commands", Cleanup.DELETE, Duration.ofDays(7)),
    /** Records that could not be used, untouched, by the key they came with. */
    DEAD_LETTERS("dead-letters", Cleanup.DELETE, Duration.ofDays(30));

    /** How old records go. */
    public enum Cleanup {
        /** By age. */
        DELETE("delete"),
        /** All but the newest of each key. */
        COMPACT("compact");

        private final String policy;

        Cleanup(String policy) {
            this.policy = policy;
        }

        /** The value of the topic's {@code cleanup.policy}. */
        public String policy() {
            return policy;
        }
    }

    private final String suffix;
    private final Cleanup cleanup;
    private final Duration retention;

    Topic(String suffix, Cleanup cleanup, Duration retention) {
        this.suffix = suffix;
        this.cleanup = cleanup;
        this.retention = retention;
    }

    /** Its name after the prefix. */
    public String suffix() {
        return suffix;
    }

    /** How old records go. */
    public Cleanup cleanup() {
        return cleanup;
    }

    /** How long records are kept where {@link #cleanup} is by age; negative for ever. */
    public Duration retention() {
        return retention;
    }

    private static Duration forever() {
        return Duration.ofMillis(-1);
    }

    /** Whether a wrong retention would lose lineage. */
    boolean mustBeKept() {
        return cleanup == Cleanup.DELETE && retention.isNegative();
    }
}
