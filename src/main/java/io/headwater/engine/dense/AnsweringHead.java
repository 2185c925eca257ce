package io.headwater.engine.dense;

import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * A head for inference only, which shares its graph with other heads of the same layout: building a graph takes far longer than small
 * heads need for their answers. The graph takes the parameters of the head that answers.
 */
final class AnsweringHead extends InferenceHead {
    private final SharedGraph shared;

    AnsweringHead(SharedGraph shared, HeadLayout layout, Map<String, Tensor.F32> parameters) {
        super(layout, parameters);
        this.shared = shared;
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
        return shared.logits(flat(), features);
    }
}
