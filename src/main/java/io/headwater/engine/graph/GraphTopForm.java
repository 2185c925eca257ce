package io.headwater.engine.graph;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.CrossEntropy;
import io.headwater.engine.Objective;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.GraphException;
import java.util.List;

/**
 * The form of a top, and how it learns.
 *
 * @param base the pre-trained model
 * @param cut the vertex below the top
 * @param feature the vertex below the classifier that is dropped; the cut or above it
 * @param pooling of what the feature vertex gives
 * @param learningRate before any schedule, positive
 * @param optimiser how gradients become steps
 * @param strategy when which part learns, and which parameters; no changes of low rank
 * @param boundaries vertices between blocks, from the top down
 * @param kept the output layer that a new top begins with and, with {@code optimiser.l2-sp}, is pulled back to
 * @param objective what it learns to make small
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
        Objective objective) {
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

    /** A top that learns to tell classes apart. */
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
        this(base, cut, feature, pooling, learningRate, optimiser, strategy, boundaries, kept, new CrossEntropy());
    }

    /** A top of which everything learns from the first step on, by Adam at the same rate. */
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
}
