package io.headwater.intake;

import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;

/** The result of a {@link RecordTrial}. */
public sealed interface TrialResult {
    /** The record was prepared or properly rejected, or there is no record at its offset. */
    TrialResult PASSED = new Passed();

    /** See {@link #PASSED}. */
    record Passed() implements TrialResult {}

    /**
     * The record ended the process, or took too long.
     *
     * @param fetched whether the record could be read; when it could not, reading it again would end this process, too
     * @param why what happened, as a part of a sentence whose subject is the process, such as "ended with status 134"
     */
    record Guilty(boolean fetched, String why) implements TrialResult {
        /** Returns the reason why the record becomes a dead letter. */
        public Rejection rejection() {
            return new Rejection(
                    Reason.CRASHES,
                    "a record must be %s without ending or blocking the process, but the process apart that tried it %s; the base model, the tokenizer or a decoder may have a defect that this record shows"
                            .formatted(fetched ? "prepared" : "read from the topic", why));
        }
    }
}
