package io.headwater.engine.graph;

import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.StepRows;
import io.headwater.engine.learn.LiveParameters;
import io.headwater.engine.learn.Optimiser;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.learn.ParameterSlot;
import io.headwater.engine.learn.Phases;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
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
 * The unfrozen top of a graph base model and an output layer. A row of features is the activation at the cut, as
 * {@link GraphBackbone} gives it without pooling.
 */
final class GraphTopHead implements Head {
    private final GraphTopForm form;
    private final GraphTop top;
    private final ParameterLayout layout;
    /** What the optimiser moves: all but running statistics. */
    private final ParameterLayout learned;

    private final INDArray values;
    private @Nullable Learning learning;

    /** What a head in training has beside its weights. */
    private record Learning(INDArray gradients, Optimiser optimiser, Phases phases) {}

    private GraphTopHead(GraphTopForm form, GraphTop top, Map<String, Tensor.F32> parameters) {
        this.form = form;
        this.top = top;
        learned = learned(form, top);
        layout = layout(form, top, learned);
        layout.check("parameters", List.of(""), parameters);
        values = Nd4j.create(DataType.FLOAT, 1, layout.size());
        layout.write(values, parameters);
        set();
    }

    /**
     * A new top: pre-trained weights, and the output layer that is kept, or one of zeros.
     *
     * @param outputs classes, positive
     * @throws IllegalArgumentException when they are not those of the output layer that is kept
     */
    static GraphTopHead create(GraphTopForm form, int outputs) {
        GraphTop top = top(form, outputs);
        Map<String, Tensor.F32> known = new TreeMap<>(top.initial());
        known.putAll(top.statistics());
        Map<String, Tensor.F32> fresh = new TreeMap<>();
        layout(form, top, learned(form, top))
                .slots()
                .forEach(slot -> fresh.put(slot.name(), Objects.requireNonNull(known.get(slot.name()))));
        Map<String, Tensor.F32> parameters = form.kept().in(fresh);
        return new GraphTopHead(form, top, parameters).learning(HeadState.ofParameters(parameters));
    }

    /**
     * A top that goes on from {@code state}, bit for bit.
     *
     * @throws IllegalArgumentException when the state is not one of a top of this form, or is not finite
     */
    static GraphTopHead restore(GraphTopForm form, HeadState state) {
        return answering(form, state.parameters()).learning(state);
    }

    /**
     * A top that answers and is not meant to be trained.
     *
     * @throws IllegalArgumentException when the parameters are not those of a top of this form, or are not finite
     */
    static GraphTopHead answering(GraphTopForm form, Map<String, Tensor.F32> parameters) {
        return new GraphTopHead(form, top(form, outputs(parameters)), parameters);
    }

    private GraphTopHead learning(HeadState state) {
        INDArray gradients = Nd4j.create(DataType.FLOAT, 1, layout.size());
        HeadState own = new HeadState(state.parameters(), Phases.without(state.optimiser()), state.iteration());
        Optimiser optimiser = Optimiser.restore(
                form.optimiser(),
                form.learningRate(),
                new LiveParameters(learned, values, gradients),
                own,
                pretrained());
        learning = new Learning(gradients, optimiser, new Phases(form.strategy(), layout.groups(), state.optimiser()));
        return this;
    }

    /** The output layer is pulled to nothing unless it was kept. */
    private Map<String, Tensor.F32> pretrained() {
        Map<String, Tensor.F32> pretrained = new TreeMap<>(top.initial());
        pretrained.keySet().removeIf(name -> GraphModel.vertexOf(name).equals(GraphHeading.OUTPUT));
        pretrained.putAll(form.kept().parameters());
        return pretrained;
    }

    /** The whole model with what was learned: base below, trained above, new output layer. */
    static GraphModel model(GraphTopForm form, Map<String, Tensor.F32> parameters) {
        return GraphHeading.headed(form.base(), form.feature(), form.pooling(), outputs(parameters))
                .with(parameters);
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
        Learning state = learning;
        if (state == null) {
            throw new IllegalStateException("a head that answers cannot be trained");
        }
        StepRows.check(features, targets, weights);
        int unfrozen = state.phases().unfrozen(state.optimiser().iteration());
        GraphTop.Gradients gradients = top.gradients(features, targets, weights, measuring(unfrozen, features.length));
        Map<String, Tensor.F32> named = new TreeMap<>();
        for (ParameterSlot slot : learned.slots()) {
            named.put(
                    slot.name(),
                    new Tensor.F32(
                            slot.shape(),
                            Objects.requireNonNull(gradients.values().get(slot.name()))));
        }
        learned.write(state.gradients(), named);
        state.optimiser().step(unfrozen);
        follow(gradients.measured());
        state.phases().learned(gradients.loss());
        set();
        return gradients.loss();
    }

    /**
     * The vertices that normalise a step of so many rows by the step's own statistics. One row whose channels have one value
     * each has no variance to normalise by.
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

    /** Moves running statistics towards what a step measured. */
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
        Map<String, Tensor.F32> optimiser = new TreeMap<>();
        long iteration = 0;
        if (learning != null) {
            optimiser.putAll(learning.optimiser().state());
            learning.phases().save(optimiser);
            iteration = learning.optimiser().iteration();
        }
        return new HeadState(layout.read(values), optimiser, iteration);
    }

    @Override
    public void close() {
        top.close();
        if (learning != null) {
            learning.optimiser().close();
            learning.gradients().close();
        }
        values.close();
    }

    private static GraphTop top(GraphTopForm form, int outputs) {
        return GraphTop.of(
                GraphHeading.headed(form.base(), form.feature(), form.pooling(), outputs),
                form.cut(),
                form.objective());
    }

    private static int outputs(Map<String, Tensor.F32> parameters) {
        Tensor.F32 bias = parameters.get(GraphHeading.OUTPUT + "/b");
        if (bias == null || bias.shape().length != 1) {
            throw new IllegalArgumentException("the state of a top needs a tensor output/b of rank 1, but has "
                    + new TreeMap<>(parameters).keySet());
        }
        return bias.shape()[0];
    }

    /** What is learned, and running statistics where they follow the steps. */
    private static ParameterLayout layout(GraphTopForm form, GraphTop top, ParameterLayout learned) {
        if (form.strategy().top().batchNorm() == BatchStatistics.KEEP) {
            return learned;
        }
        List<ParameterSlot> slots = new ArrayList<>(learned.slots());
        int offset = learned.size();
        for (Map.Entry<String, Tensor.F32> named : top.statistics().entrySet()) {
            int depth = 1 + blocksAbove(form, GraphModel.vertexOf(named.getKey()));
            ParameterSlot slot =
                    new ParameterSlot(named.getKey(), named.getValue().shape(), 'c', offset, depth, false);
            slots.add(slot);
            offset = Math.addExact(offset, slot.length());
        }
        return new ParameterLayout(slots);
    }

    private static ParameterLayout learned(GraphTopForm form, GraphTop top) {
        List<ParameterSlot> slots = new ArrayList<>();
        int offset = 0;
        for (Map.Entry<String, int[]> named : top.shapes().entrySet()) {
            String name = named.getKey();
            boolean output = GraphModel.vertexOf(name).equals(GraphHeading.OUTPUT);
            boolean bias = named.getValue().length < 2;
            boolean learns = output
                    || form.strategy().top().parameters() == TopParameters.ALL
                    || name.endsWith("/b")
                    || name.endsWith("/beta");
            if (learns) {
                int depth = output ? 0 : 1 + blocksAbove(form, GraphModel.vertexOf(name));
                ParameterSlot slot = new ParameterSlot(name, named.getValue(), 'c', offset, depth, !bias);
                slots.add(slot);
                offset = Math.addExact(offset, slot.length());
            }
        }
        return new ParameterLayout(slots);
    }

    /** How many of the boundaries lie above a vertex. */
    private static int blocksAbove(GraphTopForm form, String vertex) {
        int blocks = 0;
        for (String boundary : form.boundaries()) {
            boolean above = !boundary.equals(form.feature())
                    && GraphCut.between(form.base(), boundary, form.feature()).stream()
                            .anyMatch(one -> one.name().equals(vertex));
            if (above) {
                return blocks;
            }
            blocks++;
        }
        return blocks;
    }
}
