package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;

/**
 * The task of an adaptation. Safe for use by several threads.
 *
 * @param preparation turns payloads into inputs of the base model; it depends on the modality
 * @param goal what is predicted
 */
public record Task(Preparation preparation, Goal goal) implements AutoCloseable {

    /** The input of the base model, or why the payload cannot be used. */
    public Outcome<ModelInput> prepare(Payload payload) {
        return preparation.prepare(payload);
    }

    /** The training target of a label, or why payload or label cannot be used. */
    public Outcome<Target> target(Payload payload, Label label) {
        return preparation.view(payload).then(view -> goal.target(view, label));
    }

    /** Releases native memory, such as that of a tokenizer. */
    @Override
    public void close() {
        preparation.close();
    }
}
