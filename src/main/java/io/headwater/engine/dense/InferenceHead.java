package io.headwater.engine.dense;

import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Map;

/** A head for inference only. It has no native memory of its own. */
abstract class InferenceHead implements Head {
    private final Map<String, Tensor.F32> parameters;
    private final float[] flat;

    InferenceHead(HeadLayout layout, Map<String, Tensor.F32> parameters) {
        this.parameters = Map.copyOf(parameters);
        this.flat = layout.flat(parameters);
    }

    /** Returns all parameters as a Deeplearning4j graph has them; the caller does not change them. */
    final float[] flat() {
        return flat;
    }

    @Override
    public final double train(float[][] features, float[][] targets, float[] weights) {
        throw new UnsupportedOperationException("a head that answers is not trained; restore one from its state");
    }

    @Override
    public final HeadState state() {
        return HeadState.ofParameters(parameters);
    }

    /** Does nothing: there is nothing to release. */
    @Override
    public final void close() {}
}
