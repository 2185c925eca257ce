package io.headwater.engine.gradient;

/** Propagates the gradient of one operator type from its outputs to its inputs. */
@FunctionalInterface
interface GradientRule {

    /**
     * Appends nodes to {@code backward} and adds their results to the gradients of those inputs of {@code node} that
     * are wanted. Called only if at least one of the node's outputs has a gradient and one of its inputs is wanted.
     *
     * @throws GradientException if the node uses the operator in a way for which there is no gradient
     */
    void apply(Node node, Backward backward);
}
