package io.headwater.task;

import io.headwater.config.AdaptationConfig.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import java.nio.charset.StandardCharsets;

/** Text to tokens. */
final class TextPreparation implements Preparation {
    private final Tokenizer tokenizer;
    private final LimitsConfig limits;

    /** A preparation that owns {@code tokenizer}. */
    TextPreparation(Tokenizer tokenizer, LimitsConfig limits) {
        this.tokenizer = tokenizer;
        this.limits = limits;
    }

    @Override
    public Outcome<ModelInput> prepare(Payload payload) {
        if (!(payload instanceof Payload.Text sent)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "payload must be of kind text, but is " + payload.kind()
                            + "; send it to an adaptation of its kind");
        }
        String text = sent.text();
        long bytes = utf8Length(text);
        if (bytes > limits.textBytes()) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "text may have at most " + limits.textBytes() + " bytes, but has " + bytes
                            + "; shorten it or raise 'limits.text-bytes'");
        }
        if (text.isBlank()) {
            return Outcome.rejected(Reason.BAD_PAYLOAD, "text must not be blank, but is; send something to learn from");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return Outcome.rejected(
                    Reason.BAD_PAYLOAD, "text must be Unicode, but holds half of a surrogate pair; encode it as UTF-8");
        }
        long[] ids = tokenizer.ids(text);
        if (ids.length <= tokenizer.specials()) {
            return Outcome.rejected(
                    Reason.BAD_PAYLOAD, "text must hold at least one token of the base model, but holds none");
        }
        return Outcome.ok(new ModelInput.Tokens(ids));
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** The bytes of {@code text} in UTF-8, without making them. */
    private static long utf8Length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts for two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
