package io.headwater.engine.learn;

import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.config.TrainingConfig.RememberConfig.Method;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds weights near former ones, each as firmly as it mattered: EWC (Kirkpatrick et al., "Overcoming catastrophic
 * forgetting in neural networks", 2017) in its online form (Schwarz et al., "Progress &amp; Compress", 2018), with one
 * anchor, which moves. The diagonal of the Fisher information is the running mean of squared gradients of the loss, as in
 * Chaudhry et al., "Riemannian Walk for Incremental Learning", 2018, so that it needs no passes of its own. Weights become
 * the anchor after a fixed number of steps, as a stream has no tasks at whose ends this could be done.
 *
 * <p>Not safe for use by several threads.
 */
final class ElasticWeights implements AutoCloseable {
    private static final String MEAN = "ewc.mean/";
    private static final String FISHER = "ewc.fisher/";
    private static final String ANCHOR = "ewc.anchor/";

    /** How many steps the mean of squared gradients extends over. */
    private static final int WINDOW = 500;

    private final Settings settings;
    private final ParameterLayout layout;
    private final INDArray values;
    private final INDArray gradients;
    /** The mean of squared gradients so far. */
    private final INDArray mean;
    /** The same when the anchor was set; 0 before. */
    private final INDArray fisher;
    /** The weights from which each step is held back. */
    private final INDArray anchor;
    /** Reused in all steps, because native memory is not freed as fast as it would be allocated. */
    private final INDArray scratch;

    /**
     * How firmly weights are held.
     *
     * @param strength how much the penalty counts in the loss; 0 for none
     * @param steps after how many steps the weights become the anchor, positive
     */
    record Settings(double strength, int steps) {
        /** How many batches an anchor lasts. */
        private static final int BATCHES = 20;

        static Settings of(GradientConfig gradients) {
            boolean holds = gradients.remember().method() == Method.EWC;
            return new Settings(holds ? gradients.remember().strength() : 0, BATCHES * gradients.steps());
        }
    }

    /**
     * Continues from {@code state}.
     *
     * @param state the state of the optimiser; without tensors that {@link #save} wrote, there is no anchor yet
     * @throws IllegalArgumentException when such tensors do not match the layout, or are not finite
     */
    ElasticWeights(Settings settings, LiveParameters live, Map<String, Tensor.F32> state) {
        this.settings = settings;
        this.layout = live.layout();
        this.values = vector(live.values());
        this.gradients = vector(live.gradients());
        mean = restored(MEAN, state);
        fisher = restored(FISHER, state);
        anchor = restored(ANCHOR, state);
        scratch = Nd4j.create(values.dataType(), values.length());
    }

    private static INDArray vector(INDArray parameters) {
        return ParameterLayout.view(parameters, 0, (int) parameters.length());
    }

    /** Returns the prefixes of the names of its tensors, each of which has the shape of a parameter. */
    static List<String> prefixes() {
        return List.of(MEAN, FISHER, ANCHOR);
    }

    /** Returns {@code state} without the entries of this class. */
    static Map<String, Tensor.F32> without(Map<String, Tensor.F32> state) {
        Map<String, Tensor.F32> rest = new TreeMap<>(state);
        rest.keySet().removeIf(name -> prefixes().stream().anyMatch(name::startsWith));
        return rest;
    }

    private INDArray restored(String prefix, Map<String, Tensor.F32> state) {
        Map<String, Tensor.F32> named = new TreeMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                named.put(name.substring(prefix.length()), tensor);
            }
        });
        INDArray vector = Nd4j.zeros(values.dataType(), values.length());
        if (!named.isEmpty()) {
            layout.write(vector, named);
        }
        return vector;
    }

    /**
     * Measures the gradients of the next step and adds those of the penalty to them.
     *
     * @param iteration the number of steps so far
     */
    void pull(long iteration) {
        gradients.mul(gradients, scratch).subi(mean).divi(Math.min(iteration + 1, WINDOW));
        mean.addi(scratch);
        values.sub(anchor, scratch).muli(fisher).muli(settings.strength());
        gradients.addi(scratch);
    }

    /**
     * Makes the weights the anchor when it is time.
     *
     * @param iteration the number of steps so far
     */
    void stepped(long iteration) {
        if (iteration % settings.steps() == 0) {
            fisher.assign(mean);
            anchor.assign(values);
        }
    }

    /** Moves the anchor with the weights, which are about to be converted to {@code next}. */
    void converted(INDArray next) {
        anchor.addi(vector(next)).subi(values);
    }

    /** Adds its tensors to {@code state}. */
    void save(Map<String, Tensor.F32> state) {
        layout.read(mean).forEach((name, tensor) -> state.put(MEAN + name, tensor));
        layout.read(fisher).forEach((name, tensor) -> state.put(FISHER + name, tensor));
        layout.read(anchor).forEach((name, tensor) -> state.put(ANCHOR + name, tensor));
    }

    @Override
    public void close() {
        mean.close();
        fisher.close();
        anchor.close();
        scratch.close();
    }
}
