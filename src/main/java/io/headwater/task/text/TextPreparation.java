package io.headwater.task.text;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;
import io.headwater.task.text.Tokenizer.Tokens;

/** Converts texts and text pairs to tokens. */
public final class TextPreparation implements Preparation {
    private final Tokenizer tokenizer;
    private final LimitsConfig limits;

    /** Creates a preparation that owns {@code tokenizer} and closes it. */
    public TextPreparation(Tokenizer tokenizer, LimitsConfig limits) {
        this.tokenizer = tokenizer;
        this.limits = limits;
    }

    /**
     * {@inheritDoc} Texts are truncated to the base model's maximum length; of a pair, the longer text is truncated
     * first.
     */
    @Override
    public Outcome<PayloadView> view(Payload payload) {
        if (payload instanceof Payload.Text sent) {
            return usable("text", sent.text())
                    .then(text -> Outcome.ok(new TokenizedText(payload, tokenizer.tokens(text))));
        }
        if (payload instanceof Payload.TextPair pair) {
            return usable("the first text of a pair", pair.first())
                    .then(first -> usable("the second text of a pair", pair.second()))
                    .then(second -> Outcome.ok(new TokenizedText(payload, tokenizer.tokens(pair.first(), second))));
        }
        return Outcome.rejected(
                Reason.WRONG_KIND,
                "payload must be of kind text or text-pair, but is " + payload.kind()
                        + "; send it to an adaptation of its kind");
    }

    private Outcome<String> usable(String what, String text) {
        return TextChecks.usable(what, text, limits).then(checked -> tokenizer.fits(what, checked));
    }

    @Override
    public Outcome<ModelInput> input(PayloadView view) {
        Tokens tokens = ((TokenizedText) view).tokens();
        if (tokens.length() <= tokenizer.specials()) {
            return Outcome.rejected(
                    Reason.BAD_PAYLOAD, "text must hold at least one token of the base model, but holds none");
        }
        return Outcome.ok(new ModelInput.Tokens(tokens.ids(), tokens.types()));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
