package io.headwater.kafka;

import java.time.Duration;

/** The topics of Headwater with their required settings. */
public enum Topic {
    /** Labelled samples, keyed by domain. */
    SAMPLES("samples", Cleanup.DELETE, Duration.ofDays(30)),
    /** Late labels, keyed by the id of the request. */
    LABELS("labels", Cleanup.DELETE, Duration.ofDays(7)),
    /** Requests for predictions, keyed by domain. */
    REQUESTS("requests", Cleanup.DELETE, Duration.ofDays(7)),
    /** Predictions, keyed by domain. */
    PREDICTIONS("predictions", Cleanup.DELETE, Duration.ofDays(7)),
    /** Requests that are worth a label, keyed by lane. */
    ASKS("asks", Cleanup.DELETE, Duration.ofDays(30)),
    /** Features of samples and requests that the role featurizer computed, keyed by domain. */
    FEATURES("features", Cleanup.DELETE, Duration.ofDays(7)),
    /** The lineage log, keyed by lane and kept for ever. */
    MODEL_VERSIONS("model-versions", Cleanup.DELETE, forever()),
    /** Promotions and rollbacks, keyed by lane. */
    SERVING("serving", Cleanup.COMPACT, forever()),
    /** The newest checkpoints, keyed by lane. */
    TRAINER_STATE("trainer-state", Cleanup.COMPACT, forever()),
    /** Prequential evaluations and verdicts, keyed by lane. */
    EVALUATIONS("evaluations", Cleanup.DELETE, Duration.ofDays(90)),
    /** Evaluations of answers by their late labels, keyed by lane. */
    LABEL_EVALUATIONS("label-evaluations", Cleanup.DELETE, Duration.ofDays(90)),
    /** Commands of people, keyed by lane. */
    COMMANDS("commands", Cleanup.DELETE, Duration.ofDays(7)),
    /** Unchanged records that could not be used, with their original key. */
    DEAD_LETTERS("dead-letters", Cleanup.DELETE, Duration.ofDays(30));

    /** How old records are removed. */
    public enum Cleanup {
        /** By age. */
        DELETE("delete"),
        /** All records except the newest one of each key. */
        COMPACT("compact");

        private final String policy;

        Cleanup(String policy) {
            this.policy = policy;
        }

        /** Returns the value of the topic's {@code cleanup.policy}. */
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

    /** Returns the topic name without the prefix. */
    public String suffix() {
        return suffix;
    }

    /** How old records are removed. */
    public Cleanup cleanup() {
        return cleanup;
    }

    /** Returns how long records are kept when {@link #cleanup} is by age; negative for unlimited. */
    public Duration retention() {
        return retention;
    }

    /**
     * Returns whether brokers set the time of its records. Other programs write to most of these topics, and records with an old
     * time, as of a backfill, would be deleted before they are read. Features are searched by the time of their sample or request.
     */
    boolean hasBrokerTime() {
        return this == SAMPLES || this == LABELS || this == REQUESTS || this == COMMANDS || this == FEATURES;
    }

    /** Returns whether other programs choose the partitions of its records. */
    boolean isInput() {
        return this == SAMPLES || this == REQUESTS;
    }

    private static Duration forever() {
        return Duration.ofMillis(-1);
    }

    /** Returns whether a wrong retention would cause loss of lineage. */
    boolean mustBeKept() {
        return cleanup == Cleanup.DELETE && retention.isNegative();
    }
}
