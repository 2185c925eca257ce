package io.headwater.domain;

/**
 * The reason why a record was not used. It is written to the headers of a dead letter.
 *
 * @param reason the kind of fault, for programs
 * @param message text for people that names the input, the violated rule, the offending value and the remedy
 */
public record Rejection(Reason reason, String message) {

    /** The kinds of fault. The names are part of the public interface: they appear in dead letters and in metrics. */
    public enum Reason {
        /** The record has no value. */
        TOMBSTONE,
        /** The record has no key, or its key is not a valid domain name. */
        BAD_KEY,
        /** The record is not on the partition that its key belongs to. */
        MISROUTED,
        /** Key, value or headers are larger than allowed. */
        TOO_LARGE,
        /** The value has no known framing, or it refers to an unknown schema. */
        UNKNOWN_SCHEMA,
        /** The value cannot be decoded with the schema that it refers to. */
        MALFORMED,
        /** The adaptation does not support this kind of payload or label. */
        WRONG_KIND,
        /** The payload is empty or cannot be read. */
        BAD_PAYLOAD,
        /** The payload or label contains a number that is not finite. */
        NOT_FINITE,
        /** The label is empty or is not in the configured list. */
        BAD_LABEL,
        /** The request is for a lane that no version serves. */
        NO_VERSION,
        /** The command does not apply to the lane in its present state. */
        REFUSED,
        /** The record ends or blocks the process that reads or prepares it. */
        CRASHES,
        /** The record would begin a lane, but there are as many as there may be. */
        TOO_MANY_LANES,
        /** The label is for a request that is not known, or whose time for labels is over. */
        UNKNOWN_REQUEST,
        /** There are more labels for the request, or for requests that are not known, than there may be. */
        TOO_MANY_LABELS
    }
}
