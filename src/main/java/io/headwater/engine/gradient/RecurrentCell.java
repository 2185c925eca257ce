package io.headwater.engine.gradient;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The computation of one step, in which the recurrent operators differ. */
interface RecurrentCell {

    /** The number of gates: the number of rows of the weights divided by the size of the state. */
    int gates();

    /** The activations of one direction for which there is a gradient, each as a list of lower-case names. */
    List<List<String>> activations();

    /**
     * Refuses unsupported attributes and inputs that only this operator has.
     *
     * @throws GradientException if the node uses the operator in a way for which there is no gradient
     */
    void check(Node node);

    /** Writes the nodes that compute the gradients of one direction. */
    Passed pass(Recurrence direction);

    /**
     * Gradients of one direction. In shapes, T is the number of steps, B the number of sequences, H the size of the
     * state and G the number of {@link #gates}.
     *
     * @param byInput gradient with respect to the products of the input and its weights, [T, B, G H]
     * @param byRecurrent gradient with respect to the products of the previous state and its weights, [T, B, G H]
     * @param byWeights gradient with respect to the recurrent weights, [G H, H]
     * @param byHidden gradient with respect to the initial state, [B, H]
     * @param byCell gradient with respect to the initial state of the cell, [B, H]; null if there is no cell
     */
    record Passed(
            String byInput,
            String byRecurrent,
            String byWeights,
            String byHidden,
            @Nullable String byCell) {}
}
