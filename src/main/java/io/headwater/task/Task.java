package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;

/** What differs by modality. Safe for use by several threads. */
public interface Task extends AutoCloseable {

    /** What a payload becomes, or why it cannot be used. */
    Outcome<ModelInput> prepare(Payload payload);

    /** The class that a label names, or why it cannot be used. */
    Outcome<String> target(Label label);

    /** Frees what lies outside the heap, such as a tokenizer. */
    @Override
    default void close() {}
}
