package io.headwater.engine;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Deeplearning4j's cross-entropy with a weight a row. A label mask will not do: Deeplearning4j 1.0.0-M2.1 multiplies the
 * logits by it too, so any mask but 0 and 1 changes the loss and its gradient.
 */
public final class WeightedCrossEntropy extends LossMCXENT {
    private static final long serialVersionUID = 1L;

    private transient @Nullable INDArray weights;

    /** Sets the column of weights of the next step's rows. */
    public void weigh(@Nullable INDArray column) {
        weights = column;
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        double sum = computeScoreArray(labels, preOutput, activation, mask)
                .sumNumber()
                .doubleValue();
        return average ? sum / labels.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        INDArray scores = super.computeScoreArray(labels, preOutput, activation, mask);
        return weights == null ? scores : scores.muli(weights.reshape(scores.shape()));
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        INDArray gradient = super.computeGradient(labels, preOutput, activation, mask);
        return weights == null ? gradient : gradient.muliColumnVector(weights);
    }
}
