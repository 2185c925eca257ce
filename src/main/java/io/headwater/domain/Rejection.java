package io.headwater.domain;

/**
 * Why a record was not used. It becomes the headers of a dead letter.
 *
 * @param reason for programs
 * @param message for people: the thing, the rule, the offending value, what to do
 */
public record Rejection(Reason reason, String message) {

    /** The kinds of fault. Names are part of the interface: they stand in dead letters and in metrics. */
    public enum Reason {
        /** The record has no value. */
        TOMBSTONE,
        /** The record has no key, or one that cannot name a domain. */
        BAD_KEY,
        /** The record lies on another partition than its key's. */
        MISROUTED,
        /** Key, value or headers are larger than allowed. */
        TOO_LARGE,
        /** The value has no known framing, or names a schema that is not known. */
        UNKNOWN_SCHEMA,
        /** The value does not decode with the schema that it names. */
        MALFORMED,
        /** The payload or label is of a kind that the adaptation does not read. */
        WRONG_KIND,
        /** The payload holds nothing to learn from or cannot be read. */
        BAD_PAYLOAD,
        /** The payload or label holds a number that is not finite. */
        NOT_FINITE,
        /** The label is empty or outside the configured list. */
        BAD_LABEL,
        /** A request for a lane that has no version to serve it. */
        NO_VERSION
    }
}
