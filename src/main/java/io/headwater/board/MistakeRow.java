package io.headwater.board;

import io.headwater.domain.ClassAnswers.Mistake;
import java.time.Instant;

/**
 * A sample for which the version that served answered a wrong class. Its input is on the samples topic alone.
 *
 * @param at time of the checkpoint after it
 * @param version number of the version that answered
 * @param offset of the sample on the samples topic, in the partition of its lane
 * @param expected class of its label
 * @param predicted class that was answered
 * @param confidence stated probability of the answer, 0 to 1
 */
public record MistakeRow(Instant at, long version, long offset, String expected, String predicted, double confidence) {
    static MistakeRow of(Mistake mistake, Instant at, long version) {
        return new MistakeRow(
                at, version, mistake.offset(), mistake.expected(), mistake.predicted(), mistake.confidence());
    }
}
