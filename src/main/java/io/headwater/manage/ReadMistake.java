package io.headwater.manage;

import io.headwater.board.InputKind;
import io.headwater.board.MistakeRow;

/**
 * A mistake with its sample.
 *
 * @param sample id of the sample; empty when the sample is not on its topic any more
 * @param kind how its input is shown
 * @param text its text, shortened, or what it is; empty when the sample is not on its topic any more
 */
public record ReadMistake(MistakeRow mistake, String sample, InputKind kind, String text) {
    /** Returns whether the sample is still on its topic. */
    public boolean isThere() {
        return !sample.isEmpty();
    }
}
