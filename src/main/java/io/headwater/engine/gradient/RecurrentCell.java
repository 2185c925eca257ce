package io.headwater.engine.gradient;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What differs between recurrent operators: what a step does. */
interface RecurrentCell {

    /** How many products with the input and the state before a step has: rows of the weights by the size of the state. */
    int gates();

    /** The names of the activations of one direction that there is a gradient for. */
    List<List<String>> activations();

    /**
     * Refuses what only this operator has.
     *
     * @throws GradientException when the node uses it in a way that has no gradient here
     */
    void check(Node node);

    /** The gradients of one direction. */
    Passed pass(Recurrence direction);

    /**
     * Gradients of one direction. In shapes, T is the number of steps, B that of sequences, H the size of the state, G that
     * of {@link #gates}.
     *
     * @param byInput by the products of the input with its weights, [T, B, G H]
     * @param byRecurrent by the products of the state before with its weights, [T, B, G H]
     * @param byWeights by the weights of the state before, [G H, H]
     * @param byHidden by the initial state, [B, H]
     * @param byCell by the initial state of the cell, [B, H]; null without one
     */
    record Passed(
            String byInput,
            String byRecurrent,
            String byWeights,
            String byHidden,
            @Nullable String byCell) {}
}
