package io.headwater.task;

import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;

/** Converts the payloads of one modality to model inputs. Safe for use by several threads. */
public interface Preparation extends AutoCloseable {

    /**
     * Returns the payload as goals read it, or why it cannot be used. A payload whose view can be made may still be rejected by
     * {@link #input}.
     */
    default Outcome<PayloadView> view(Payload payload) {
        return Outcome.ok(PayloadView.of(payload));
    }

    /**
     * Returns the input of the base model, or why the payload cannot be used.
     *
     * @param view as {@link #view} returns it
     */
    Outcome<ModelInput> input(PayloadView view);

    /** Returns the input of the base model, or why the payload cannot be used. */
    default Outcome<ModelInput> prepare(Payload payload) {
        return view(payload).then(this::input);
    }

    /** Releases resources outside the heap, such as a tokenizer. */
    @Override
    default void close() {}
}
