package io.headwater.engine.graph;

import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.StepRows;
import io.headwater.engine.learn.Learning;
import io.headwater.engine.learn.LiveParameters;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.learn.ParameterSlot;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A head that consists of the trainable top of a graph base model and an output layer. Each row of features is the
 * unpooled activation at the cut, as computed by {@link GraphBackbone}.
 */
final class GraphTopHead implements Head {
    private final GraphTopForm form;
    private final GraphTop top;
    private final ParameterLayout layout;
    /** The parameters that the optimiser updates: all except running statistics. */
    private final ParameterLayout learned;

    private final INDArray values;
    /** Null in a head that is used for inference only. */
    private @Nullable Training training;

    /** What a head needs for training besides its weights. */
    private record Training(INDArray gradients, Learning learning) {}

    private GraphTopHead(GraphTopForm form, GraphTop top, Map<String, Tensor.F32> parameters) {
        this.form = form;
        this.top = top;
        learned = form.learned(top);
        layout = form.layout(top, learned);
        layout.check("parameters", List.of(""), parameters);
        values = Nd4j.create(DataType.FLOAT, 1, layout.size());
        layout.write(values, parameters);
        set();
    }

    /**
     * Creates a new top with the pre-trained weights, and either the kept output layer or a new one initialised with
     * zeros.
     *
     * @param outputs the number of classes, positive
     * @throws IllegalArgumentException when the kept output layer has another number of classes
     */
    static GraphTopHead create(GraphTopForm form, int outputs) {
        GraphTop top = form.top(outputs);
        Map<String, Tensor.F32> known = new TreeMap<>(top.initial());
        known.putAll(top.statistics());
        Map<String, Tensor.F32> fresh = new TreeMap<>();
        form.layout(top, form.learned(top))
                .slots()
                .forEach(slot -> fresh.put(slot.name(), Objects.requireNonNull(known.get(slot.name()))));
        Map<String, Tensor.F32> parameters = form.kept().in(fresh);
        return new GraphTopHead(form, top, parameters).learning(HeadState.ofParameters(parameters));
    }

    /**
     * Restores a top from {@code state}; training continues bit for bit as if it had not been interrupted.
     *
     * @throws IllegalArgumentException when the state does not belong to a top of this form, or is not finite
     */
    static GraphTopHead restore(GraphTopForm form, HeadState state) {
        return answering(form, state.parameters()).learning(state);
    }

    /**
     * Creates a top for inference only.
     *
     * @throws IllegalArgumentException when the parameters do not belong to a top of this form, or are not finite
     */
    static GraphTopHead answering(GraphTopForm form, Map<String, Tensor.F32> parameters) {
        return new GraphTopHead(form, form.top(HeadState.outputs(parameters)), parameters);
    }

    private GraphTopHead learning(HeadState state) {
        INDArray gradients = Nd4j.create(DataType.FLOAT, 1, layout.size());
        training = new Training(
                gradients,
                Learning.restore(
                        form.optimiser(),
                        form.learningRate(),
                        form.gradients(),
                        form.strategy(),
                        layout.groups(),
                        new LiveParameters(learned, values, gradients),
                        state,
                        form.pretrained(top)));
        return this;
    }

    @Override
    public int inputs() {
        return top.inputs();
    }

    @Override
    public int outputs() {
        return top.outputs();
    }

    @Override
    public float[][] logits(float[][] features) {
        return top.logits(features);
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] weights) {
        Training current = Learning.required(training);
        StepRows.check(features, targets, weights);
        Set<String> measuring = measuring(current.learning().unfrozen(), features.length);
        GraphTop.Gradients gradients = top.gradients(features, targets, weights, measuring);
        Map<String, Tensor.F32> named = new TreeMap<>();
        for (ParameterSlot slot : learned.slots()) {
            named.put(
                    slot.name(),
                    new Tensor.F32(
                            slot.shape(),
                            Objects.requireNonNull(gradients.values().get(slot.name()))));
        }
        learned.write(current.gradients(), named);
        current.learning().step(gradients.loss());
        follow(gradients.measured());
        set();
        return gradients.loss();
    }

    /**
     * Returns the batch normalizations that use the statistics of the batch in a step of {@code rows} rows. A single
     * row with one value per channel has no variance, so such a step uses the running statistics.
     */
    private Set<String> measuring(int unfrozen, int rows) {
        Set<String> measuring = statistics()
                .filter(slot -> slot.depth() < unfrozen)
                .map(slot -> GraphModel.vertexOf(slot.name()))
                .collect(Collectors.toCollection(TreeSet::new));
        return rows > 1 || measuring.stream().noneMatch(top::isOneValue) ? measuring : Set.of();
    }

    private Stream<ParameterSlot> statistics() {
        return layout.slots().stream().filter(slot -> slot.offset() >= learned.size());
    }

    /** Updates the running statistics with the batch statistics of a step. */
    private void follow(Map<String, float[]> measured) {
        Map<String, Tensor.F32> all = layout.read(values);
        measured.forEach((name, step) -> all.computeIfPresent(name, (same, running) -> {
            double momentum = top.momentum(GraphModel.vertexOf(name));
            float[] moved = running.values().clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] = (float) (moved[i] * momentum + step[i] * (1 - momentum));
            }
            return new Tensor.F32(running.shape(), moved);
        }));
        if (!measured.isEmpty()) {
            layout.write(values, all);
        }
    }

    private void set() {
        Map<String, Tensor.F32> all = new TreeMap<>(top.initial());
        all.putAll(layout.read(values));
        top.set(all);
    }

    @Override
    public HeadState state() {
        Map<String, Tensor.F32> parameters = layout.read(values);
        return training == null
                ? HeadState.ofParameters(parameters)
                : training.learning().state(parameters);
    }

    @Override
    public void close() {
        top.close();
        if (training != null) {
            training.learning().close();
            training.gradients().close();
        }
        values.close();
    }
}
