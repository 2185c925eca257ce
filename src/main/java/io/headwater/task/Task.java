package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;

/**
 * What an adaptation does: how its payloads are read, and what shall be said of them. Safe for use by several threads.
 *
 * @param preparation what differs by modality
 * @param goal what differs by what is asked
 */
public record Task(Preparation preparation, Goal goal) implements AutoCloseable {

    /** What a payload becomes, or why it cannot be used. */
    public Outcome<ModelInput> prepare(Payload payload) {
        return preparation.prepare(payload);
    }

    /** What a label teaches of a payload, or why it cannot be used. */
    public Outcome<Target> target(Payload payload, Label label) {
        return goal.target(payload, label);
    }

    /** Frees what lies outside the heap, such as a tokenizer. */
    @Override
    public void close() {
        preparation.close();
    }
}
