package io.headwater.engine.graph;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.engine.CrossEntropy;
import io.headwater.engine.HeadState;
import io.headwater.engine.Objective;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.learn.ParameterSlot;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of a trainable top: its layers and how it is trained.
 *
 * @param base the pre-trained model
 * @param cut the vertex whose output is the input of the top
 * @param feature the last vertex before the original classifier, which is dropped; either the cut or a vertex above it
 * @param pooling how the output of the feature vertex is pooled
 * @param learningRate the learning rate before any schedule, positive
 * @param optimiser the settings of the optimiser
 * @param strategy which parameters are trained, and from which step on; LoRA is not supported
 * @param boundaries the vertices at which blocks meet, from the top down
 * @param kept the output layer that a new top starts from and towards which {@code optimiser.l2-sp} regularises it
 * @param objective the objective that training minimises
 * @param gradients what is remembered besides replayed samples
 */
record GraphTopForm(
        GraphModel base,
        String cut,
        String feature,
        Pooling pooling,
        double learningRate,
        OptimiserConfig optimiser,
        StrategyConfig strategy,
        List<String> boundaries,
        PretrainedOutputLayer kept,
        Objective objective,
        GradientConfig gradients) {
    GraphTopForm {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learningRate must be positive, but is " + learningRate);
        }
        if (strategy.top().parameters() == TopParameters.LORA || strategy.top().dropout() > 0) {
            throw new GraphException("a graph base model knows neither training.parameters lora nor"
                    + " training.dropout, but has " + strategy.top().parameters() + " and "
                    + strategy.top().dropout() + "; leave them out, or use the model in ONNX");
        }
        if (strategy.top().batchNorm() == BatchStatistics.UPDATE && !hasNorms(base, cut, feature)) {
            throw new GraphException("training.batch-norm update needs a batch normalization between '" + cut
                    + "' and '" + feature + "', but there is none; leave it out or choose a lower cut");
        }
        boundaries = List.copyOf(boundaries);
    }

    private static boolean hasNorms(GraphModel base, String cut, String feature) {
        return !cut.equals(feature)
                && GraphCut.between(base, cut, feature).stream()
                        .anyMatch(vertex -> vertex.operation() instanceof BatchNorm);
    }

    /** Creates the form of a classifier, trained with cross-entropy. */
    GraphTopForm(
            GraphModel base,
            String cut,
            String feature,
            Pooling pooling,
            double learningRate,
            OptimiserConfig optimiser,
            StrategyConfig strategy,
            List<String> boundaries,
            PretrainedOutputLayer kept) {
        this(
                base,
                cut,
                feature,
                pooling,
                learningRate,
                optimiser,
                strategy,
                boundaries,
                kept,
                new CrossEntropy(),
                GradientConfig.PLAIN);
    }

    /**
     * Creates the form of a top whose parameters are all trained from the first step on, by Adam at a constant rate.
     */
    GraphTopForm(GraphModel base, String cut, String feature, Pooling pooling, double learningRate) {
        this(
                base,
                cut,
                feature,
                pooling,
                learningRate,
                new OptimiserConfig(Updater.ADAM, 0.9, 0, Schedule.CONSTANT, 0, 1, 0, 1, 1, 0),
                new StrategyConfig(
                        cut,
                        Strategy.FINE_TUNE,
                        0,
                        StrategyConfig.DEFAULT.phaseBy(),
                        StrategyConfig.DEFAULT.phaseSteps(),
                        StrategyConfig.DEFAULT.top()),
                List.of(),
                PretrainedOutputLayer.NONE);
    }

    /** Returns the trainable top with an output layer of {@code outputs} classes. */
    GraphTop top(int outputs) {
        return GraphTop.of(GraphHeading.headed(base, feature, pooling, outputs), cut, objective);
    }

    /** Returns the weights towards which L2-SP regularises. The output layer is among them only if it was kept. */
    Map<String, Tensor.F32> pretrained(GraphTop top) {
        Map<String, Tensor.F32> pretrained = new TreeMap<>(top.initial());
        pretrained.keySet().removeIf(name -> GraphModel.vertexOf(name).equals(GraphHeading.OUTPUT));
        pretrained.putAll(kept.parameters());
        return pretrained;
    }

    /** Returns the complete model: the frozen base, the trained top and the new output layer. */
    GraphModel model(Map<String, Tensor.F32> parameters) {
        return GraphHeading.headed(base, feature, pooling, HeadState.outputs(parameters))
                .with(parameters);
    }

    /**
     * Returns the layout of the flat parameter vector of {@code top}: the trained parameters, followed by the running
     * statistics if training updates them.
     */
    ParameterLayout layout(GraphTop top, ParameterLayout learned) {
        if (strategy.top().batchNorm() == BatchStatistics.KEEP) {
            return learned;
        }
        List<ParameterSlot> slots = new ArrayList<>(learned.slots());
        int offset = learned.size();
        for (Map.Entry<String, Tensor.F32> named : top.statistics().entrySet()) {
            int depth = 1 + blocksAbove(GraphModel.vertexOf(named.getKey()));
            ParameterSlot slot =
                    new ParameterSlot(named.getKey(), named.getValue().shape(), 'c', offset, depth, false);
            slots.add(slot);
            offset = Math.addExact(offset, slot.length());
        }
        return new ParameterLayout(slots);
    }

    /** Returns the layout of the parameters that the optimiser updates in the vector of {@code top}. */
    ParameterLayout learned(GraphTop top) {
        List<ParameterSlot> slots = new ArrayList<>();
        int offset = 0;
        for (Map.Entry<String, int[]> named : top.shapes().entrySet()) {
            String name = named.getKey();
            boolean output = GraphModel.vertexOf(name).equals(GraphHeading.OUTPUT);
            boolean bias = named.getValue().length < 2;
            boolean learns = output
                    || strategy.top().parameters() == TopParameters.ALL
                    || name.endsWith("/b")
                    || name.endsWith("/beta");
            if (learns) {
                int depth = output ? 0 : 1 + blocksAbove(GraphModel.vertexOf(name));
                ParameterSlot slot = new ParameterSlot(name, named.getValue(), 'c', offset, depth, !bias);
                slots.add(slot);
                offset = Math.addExact(offset, slot.length());
            }
        }
        return new ParameterLayout(slots);
    }

    /** Returns how many of the boundaries lie above a vertex. */
    private int blocksAbove(String vertex) {
        int blocks = 0;
        for (String boundary : boundaries) {
            boolean above = !boundary.equals(feature)
                    && GraphCut.between(base, boundary, feature).stream()
                            .anyMatch(one -> one.name().equals(vertex));
            if (above) {
                return blocks;
            }
            blocks++;
        }
        return blocks;
    }
}
