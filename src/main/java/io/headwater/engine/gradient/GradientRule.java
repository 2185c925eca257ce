package io.headwater.engine.gradient;

/** How the gradient passes one kind of operator, from its outputs to its inputs. */
@FunctionalInterface
interface GradientRule {

    /**
     * Appends nodes to {@code backward} and adds what they compute to the gradients of those inputs of {@code node} that
     * are wanted. Called only when at least one of the node's outputs has a gradient and one of its inputs is wanted.
     *
     * @throws GradientException when the node uses the operator in a way that has no gradient here
     */
    void apply(Node node, Backward backward);
}
