package io.headwater.engine.dense;

import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.config.TrainingConfig.GradientConfig.ScalingChoice;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * A head of dense layers that is trained on scaled features and answers with an average of its weights over the newest
 * steps. Its parameters are the average, with the scaling contained in the first layer, so that they are parameters of a
 * {@link GraphHead} on features as they are. The weights of the last step are part of its optimiser state.
 *
 * <p>The average gives later steps a larger weight (polynomial-decay averaging: Shamir and Zhang, "Stochastic gradient
 * descent for non-smooth optimization", 2013) and forgets exponentially once there are more steps than it extends over.
 */
final class FoldedHead implements Head {
    /** The prefix of the names of the weights of the last step, for scaled features. */
    private static final String LAST = "last/";

    /** How much more the average weighs later steps: 0 for all the same. */
    private static final double DECAY = 4;

    private final GraphHead trained;
    private final GraphHead answering;
    private final int units;
    private final boolean scales;
    private final int averagedSteps;
    /** The average in the order of {@link GraphHead#flat}. */
    private final float[] average;

    /** The scale of features as they are. */
    private final RunningScale unscaled;

    private RunningScale scale;
    private boolean isStale;

    private FoldedHead(HeadSpec spec, HeadTraining training, HeadState state) {
        GradientConfig gradients = training.gradients();
        scales = scales(training);
        averagedSteps = gradients.averagedSteps();
        unscaled = RunningScale.none(spec.inputs());
        scale = RunningScale.restore(spec.inputs(), state.optimiser());
        answering = GraphHead.restore(spec, HeadState.ofParameters(state.parameters()));
        try {
            trained = GraphHead.restore(
                    spec, training, new HeadState(last(state), moments(state.optimiser()), state.iteration()));
        } catch (RuntimeException e) {
            answering.close();
            throw e;
        }
        units = spec.hidden() > 0 ? spec.hidden() : answering.outputs();
        average = answering.flat();
    }

    /** Whether heads that are trained like this scale features or average weights. */
    static boolean suits(HeadTraining training) {
        return scales(training) || training.gradients().averagedSteps() > 0;
    }

    private static boolean scales(HeadTraining training) {
        return training.gradients().featureScaling() == ScalingChoice.RUNNING
                && training.kept().equals(PretrainedOutputLayer.NONE);
    }

    /**
     * Restores a head from {@code state}; training continues bit for bit. The state of a {@link GraphHead} is one whose
     * last step was not averaged and whose features were not scaled.
     *
     * @throws IllegalArgumentException when the state does not belong to a head of this form and training, or is not
     *     finite
     */
    static FoldedHead restore(HeadSpec spec, HeadTraining training, HeadState state) {
        return new FoldedHead(spec, training, state);
    }

    /** Returns the state of a {@link GraphHead} with the same parameters. */
    static HeadState unfolded(HeadState state) {
        return new HeadState(state.parameters(), moments(state.optimiser()), state.iteration());
    }

    private static Map<String, Tensor.F32> last(HeadState state) {
        Map<String, Tensor.F32> last = new TreeMap<>();
        state.optimiser().forEach((name, tensor) -> {
            if (name.startsWith(LAST)) {
                last.put(name.substring(LAST.length()), tensor);
            }
        });
        return last.isEmpty() ? state.parameters() : last;
    }

    private static Map<String, Tensor.F32> moments(Map<String, Tensor.F32> optimiser) {
        Map<String, Tensor.F32> moments = new TreeMap<>(optimiser);
        moments.keySet().removeIf(name -> name.startsWith(LAST) || name.startsWith(RunningScale.PREFIX));
        return moments;
    }

    /** Returns the prefix of the weights of the last step in the state. */
    static String lastPrefix() {
        return LAST;
    }

    @Override
    public int inputs() {
        return trained.inputs();
    }

    @Override
    public int outputs() {
        return trained.outputs();
    }

    @Override
    public float[][] logits(float[][] features) {
        return answering().logits(features);
    }

    private GraphHead answering() {
        if (isStale) {
            answering.setFlat(average);
            isStale = false;
        }
        return answering;
    }

    @Override
    public void observe(float[][] features) {
        if (!scales || features.length == 0) {
            return;
        }
        scale.observe(SampleRows.flat(features));
        if (scale.isDue()) {
            RunningScale next = scale.refreshed();
            float[] weights = trained.flat();
            if (readsHiddenLayer(weights)) {
                trained.setFlat(converted(weights, scale, next));
            }
            scale = next;
        }
    }

    /**
     * Whether the logits depend on the first layer. Those of a new head with a hidden layer do not, so the weights of
     * this layer, which are drawn for features of mean 0 and variance 1, remain as they are.
     */
    private boolean readsHiddenLayer(float[] weights) {
        int from = units == outputs() && inputs() * units + units == weights.length ? 0 : (inputs() + 1) * units;
        for (int i = from; i < weights.length - outputs(); i++) {
            if (weights[i] != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] weights) {
        double loss = trained.train(scaled(features), targets, weights);
        average(trained.flat());
        return loss;
    }

    private float[][] scaled(float[][] features) {
        if (!scales) {
            return features;
        }
        float[][] scaled = new float[features.length][];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = features[i].clone();
            scale.apply(scaled[i]);
        }
        return scaled;
    }

    /** Returns weights with which a head computes the same from features of one scale as before from those of another. */
    private float[] converted(float[] weights, RunningScale from, RunningScale to) {
        int inputs = inputs();
        float[] converted = weights.clone();
        float[] divisors = from.deviation();
        float[] factors = to.deviation();
        double[] shifts = new double[inputs];
        for (int i = 0; i < inputs; i++) {
            shifts[i] = to.shift()[i] - (double) from.shift()[i];
        }
        for (int unit = 0; unit < units; unit++) {
            int first = unit * inputs;
            double moved = weights[units * inputs + unit];
            for (int i = 0; i < inputs; i++) {
                double raw = weights[first + i] / (double) divisors[i];
                converted[first + i] = (float) (raw * factors[i]);
                moved += raw * shifts[i];
            }
            converted[units * inputs + unit] = (float) moved;
        }
        return converted;
    }

    /** Adds the weights of a step, converted to those for features as they are, to the average. */
    private void average(float[] weights) {
        float[] folded = scales ? converted(weights, scale, unscaled) : weights;
        double share = share(trained.iteration());
        isStale = true;
        if (share == 1) {
            System.arraycopy(folded, 0, average, 0, average.length);
            return;
        }
        for (int i = 0; i < average.length; i++) {
            average[i] = (float) (average[i] + share * (folded[i] - (double) average[i]));
        }
    }

    /** Returns the share of step number {@code step}, counted from 1, in the average. */
    private double share(long step) {
        return averagedSteps == 0 ? 1 : Math.max(1.0 / averagedSteps, (1 + DECAY) / (step + DECAY));
    }

    @Override
    public HeadState state() {
        HeadState last = trained.state();
        Map<String, Tensor.F32> optimiser = new TreeMap<>(last.optimiser());
        last.parameters().forEach((name, tensor) -> optimiser.put(LAST + name, tensor));
        optimiser.putAll(scale.state());
        return new HeadState(answering().state().parameters(), optimiser, last.iteration());
    }

    @Override
    public void close() {
        trained.close();
        answering.close();
    }
}
