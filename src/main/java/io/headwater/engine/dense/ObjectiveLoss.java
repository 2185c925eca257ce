package io.headwater.engine.dense;

import io.headwater.engine.Objective;
import io.headwater.engine.learn.StepLoss;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Trains a Deeplearning4j graph whose output layer has no activation on an {@link Objective}. The labels passed by
 * Deeplearning4j are ignored; the targets and weights of a step are set by {@link #teach}.
 */
public final class ObjectiveLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;

    private final transient Objective objective;
    private transient @Nullable Step step;
    private transient double loss;

    /**
     * @param rows the number of rows of logits of each sample
     */
    private record Step(float[][] targets, float[] weights, int[] rows) {}

    /** Creates a loss without a step; {@link #teach} sets the first one. */
    public ObjectiveLoss(Objective objective) {
        this.objective = objective;
    }

    /**
     * Sets the targets of the next step.
     *
     * @param targets one target per sample, in the form that the objective expects
     * @param weights one positive weight per sample
     * @param rows the number of rows of logits of each sample
     */
    public void teach(float[][] targets, float[] weights, int[] rows) {
        step = new Step(targets, weights, rows);
    }

    /** Returns the loss of the step and clears the step's targets. */
    public double stepLoss() {
        step = null;
        return loss;
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        Step prepared = Objects.requireNonNull(step, "a step teaches before it asks for a gradient");
        int outputs = preOutput.columns();
        double[] flat = preOutput.dup('c').data().asDouble();
        double[][] logits = new double[prepared.rows().length][];
        int at = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Arrays.copyOfRange(flat, at, at + prepared.rows()[i] * outputs);
            at += logits[i].length;
        }
        StepLoss computed =
                StepLoss.of(objective, logits, outputs, prepared.targets(), prepared.weights(), logits.length);
        loss = computed.loss();
        at = 0;
        for (double[] gradient : computed.gradients()) {
            System.arraycopy(gradient, 0, flat, at, gradient.length);
            at += gradient.length;
        }
        return Nd4j.createFromArray(flat).reshape('c', preOutput.shape()).castTo(preOutput.dataType());
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        return loss;
    }

    /** Deeplearning4j calls this only to score single samples, which is not used here. */
    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        throw new UnsupportedOperationException("an objective has no scores of single rows");
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        INDArray gradient = computeGradient(labels, preOutput, activation, mask);
        return Pair.of(loss, gradient);
    }

    @Override
    public String name() {
        return "objective";
    }
}
