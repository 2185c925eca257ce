package io.headwater.intake;

import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;

/** The result of a {@link RecordTrial}. */
public sealed interface TrialResult {
    /** The record was prepared or properly rejected, or there is no record at its offset. */
    TrialResult PASSED = new Passed();

    /** See {@link #PASSED}. */
    record Passed() implements TrialResult {}

    /** What was being done with a record when the process that tried it ended. */
    enum Stage {
        /** It was read from its topic. Reading it again would end this process, too. */
        FETCHING("read from the topic"),
        /** It was decoded. */
        DECODING("prepared"),
        /** It had been decoded. */
        PREPARING("prepared");

        private final String participle;

        Stage(String participle) {
            this.participle = participle;
        }
    }

    /**
     * The record ended the process, or took too long.
     *
     * @param stage what was being done with it
     * @param why what happened, as a part of a sentence whose subject is the process, such as "ended with status 134"
     */
    record Guilty(Stage stage, String why) implements TrialResult {
        /** Returns the reason why the record becomes a dead letter. */
        public Rejection rejection() {
            return new Rejection(
                    Reason.CRASHES,
                    "a record must be %s without ending or blocking the process, but the process apart that tried it %s; the base model, the tokenizer or a decoder may have a defect that this record shows"
                            .formatted(stage.participle, why));
        }
    }
}
