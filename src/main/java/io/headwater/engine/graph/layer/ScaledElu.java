package io.headwater.engine.graph.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.EluBp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ELU with any alpha, for training: x above 0, else alpha × (exp(x) − 1) (Clevert et al. 2016). Deeplearning4j's own
 * class always computes the gradient for alpha 1.
 */
public final class ScaledElu extends ActivationELU {
    private static final long serialVersionUID = 1;

    public ScaledElu(double alpha) {
        super(alpha);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        Nd4j.getExecutioner().execAndReturn(new EluBp(in, epsilon, in, getAlpha()));
        return new Pair<>(in, null);
    }
}
