package io.headwater.engine.dense;

import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * A head for inference only, which shares its graph with other heads of the same layout: building a graph takes far longer than small
 * heads need for their answers. The graph takes the parameters of the head that answers.
 */
final class AnsweringHead implements Head {
    private final SharedGraph shared;
    private final Map<String, Tensor.F32> parameters;
    private final float[] flat;

    AnsweringHead(SharedGraph shared, HeadLayout layout, Map<String, Tensor.F32> parameters) {
        this.shared = shared;
        this.parameters = Map.copyOf(parameters);
        this.flat = layout.flat(parameters);
    }

    @Override
    public int inputs() {
        return shared.inputs();
    }

    @Override
    public int outputs() {
        return shared.outputs();
    }

    @Override
    public float[][] logits(float[][] features) {
        return shared.logits(flat, features);
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] weights) {
        throw new UnsupportedOperationException("a head that answers is not trained; restore one from its state");
    }

    @Override
    public HeadState state() {
        return HeadState.ofParameters(parameters);
    }

    /** Does nothing: the graph serves other heads. */
    @Override
    public void close() {}
}
