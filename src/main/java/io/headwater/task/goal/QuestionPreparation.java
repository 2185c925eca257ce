package io.headwater.task.goal;

import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.task.Preparation;

/**
 * A question and its context to tokens, in as many passages as it takes.
 *
 * @param reader which it owns
 */
public record QuestionPreparation(QuestionReader reader) implements Preparation {

    @Override
    public Outcome<ModelInput> prepare(Payload payload) {
        return reader.passages(payload)
                .then(passages -> Outcome.ok(new ModelInput.Passages(passages.stream()
                        .map(passage -> new ModelInput.Tokens(
                                passage.tokens().ids(), passage.tokens().types()))
                        .toList())));
    }

    @Override
    public void close() {
        reader.close();
    }
}
