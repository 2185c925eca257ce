package io.headwater.task;

import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;

/** What a payload of one modality becomes. Safe for use by several threads. */
public interface Preparation extends AutoCloseable {

    /** What the base model reads, or why a payload cannot be used. */
    Outcome<ModelInput> prepare(Payload payload);

    /** Frees what lies outside the heap, such as a tokenizer. */
    @Override
    default void close() {}
}
