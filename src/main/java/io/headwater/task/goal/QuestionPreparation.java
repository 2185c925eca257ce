package io.headwater.task.goal;

import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;

/**
 * Divides a question and its context into tokens, in as many passages as are needed.
 *
 * @param reader which it owns
 */
public record QuestionPreparation(QuestionReader reader) implements Preparation {

    @Override
    public Outcome<PayloadView> view(Payload payload) {
        return reader.passages(payload)
                .then(passages -> Outcome.ok(new Question((Payload.TextPair) payload, passages)));
    }

    @Override
    public Outcome<ModelInput> input(PayloadView view) {
        return Outcome.ok(new ModelInput.Passages(((Question) view)
                .passages().stream()
                        .map(passage -> new ModelInput.Tokens(
                                passage.tokens().ids(), passage.tokens().types()))
                        .toList()));
    }

    @Override
    public void close() {
        reader.close();
    }
}
