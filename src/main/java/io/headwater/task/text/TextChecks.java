package io.headwater.task.text;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.nio.charset.StandardCharsets;

/** Checks texts before they are tokenized. */
public final class TextChecks {
    private TextChecks() {}

    /**
     * Returns the text, or the reason why it cannot be used.
     *
     * @param what name of the text in error messages
     */
    public static Outcome<String> usable(String what, String text, LimitsConfig limits) {
        long bytes = utf8Length(text);
        if (bytes > limits.textBytes()) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    what + " may have at most " + limits.textBytes() + " bytes, but has " + bytes
                            + "; shorten it or raise 'limits.text-bytes'");
        }
        if (text.isBlank()) {
            return Outcome.rejected(
                    Reason.BAD_PAYLOAD, what + " must not be blank, but is; send something to learn from");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return Outcome.rejected(
                    Reason.BAD_PAYLOAD,
                    what + " must be Unicode, but holds half of a surrogate pair; encode it as UTF-8");
        }
        return Outcome.ok(text);
    }

    /** Returns the length of {@code text} in UTF-8 bytes without encoding it. */
    private static long utf8Length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A surrogate pair takes four bytes, so each half counts as two.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
