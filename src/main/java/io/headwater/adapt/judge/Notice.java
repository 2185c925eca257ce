package io.headwater.adapt.judge;

/**
 * Something about a lane that a person should know, although the lane goes on by itself.
 *
 * @param kind what it is
 * @param samples number of samples that it covers
 * @param difference by how much the mean score of what does not serve is higher, from -1 to 1
 * @param text the same in words, with the numbers
 */
public record Notice(Kind kind, long samples, double difference, String text) {

    /** The kinds of notices. */
    public enum Kind {
        /** No version was promoted for long, although newer weights are better than the serving version. */
        STALLED,
        /** A contender that is better on the stream was refused for long because of the guard set. */
        VETOED
    }
}
