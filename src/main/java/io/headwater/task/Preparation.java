package io.headwater.task;

import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;

/** Converts the payloads of one modality to model inputs. Safe for use by several threads. */
public interface Preparation extends AutoCloseable {

    /** Returns the input of the base model, or why the payload cannot be used. */
    Outcome<ModelInput> prepare(Payload payload);

    /** Releases resources outside the heap, such as a tokenizer. */
    @Override
    default void close() {}
}
