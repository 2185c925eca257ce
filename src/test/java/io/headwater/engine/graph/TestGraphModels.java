package io.headwater.engine.graph;

import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Shape;

/** Files of graph models for tests of other packages. */
public final class TestGraphModels {
    private TestGraphModels() {}

    /** A graph model's file: input [N, 4] → "below" [N, 6] → "hidden" [N, 5] → "scores" [N, 3], a softmax. */
    public static byte[] policyFile() {
        return policy().write();
    }

    /** A Deeplearning4j zip: input [N, 4] → "below" [N, 6] → "hidden" [N, 5] → "scores" [N, 3], a softmax. */
    public static byte[] policyZip() {
        return GraphExport.zip(policy());
    }

    private static GraphModel policy() {
        return new GraphModels(new Shape.Features(4))
                .then("below", new Dense(6, true, GraphModels.TANH))
                .then("hidden", new Dense(5, true, GraphModels.TANH))
                .then("scores", new Dense(3, true, Activation.SOFTMAX))
                .build(3);
    }
}
