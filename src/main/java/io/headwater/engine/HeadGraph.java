package io.headwater.engine;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Makes the Deeplearning4j graph of a head. */
final class HeadGraph {
    private HeadGraph() {}

    /** The graph of {@code layout} in {@code state}; nothing in it is drawn at random. */
    static ComputationGraph build(
            HeadSpec spec, HeadLayout layout, HeadState state, WeightedCrossEntropy loss, DataType type) {
        Nd4jRuntime.start();
        ComputationGraph graph = new ComputationGraph(configuration(spec, layout, loss, type));
        graph.init(row(layout.flat(state.parameters(), ""), type), false);
        float[] first = layout.flat(state.optimiser(), HeadLayout.FIRST_MOMENT);
        float[] second = layout.flat(state.optimiser(), HeadLayout.SECOND_MOMENT);
        float[] both = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        try (INDArray moments = row(both, type)) {
            moments(graph).assign(moments);
        }
        // Adam's bias correction goes on from here.
        graph.getConfiguration().setIterationCount(Math.toIntExact(state.iteration()));
        return graph;
    }

    /** The live optimiser state: one block over all parameters, first moments, then second. */
    static INDArray moments(ComputationGraph graph) {
        return graph.getUpdater().getStateViewArray();
    }

    private static ComputationGraphConfiguration configuration(
            HeadSpec spec, HeadLayout layout, WeightedCrossEntropy loss, DataType type) {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(spec.seed())
                .dataType(type)
                .updater(new Adam(spec.learningRate(), 0.9, 0.999, 1e-8))
                .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
                .graphBuilder()
                .addInputs("features");
        String below = "features";
        if (layout.hidden() > 0) {
            builder.addLayer(
                    "hidden",
                    new DenseLayer.Builder()
                            .nIn(layout.inputs())
                            .nOut(layout.hidden())
                            .activation(Activation.RELU)
                            .build(),
                    below);
            below = "hidden";
        }
        return builder.addLayer(
                        "output",
                        new OutputLayer.Builder(loss)
                                .nIn(layout.hidden() > 0 ? layout.hidden() : layout.inputs())
                                .nOut(layout.outputs())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        below)
                .setOutputs("output")
                .validateOutputLayerConfig(false) // one class is a valid start: more come with the stream
                .build();
    }

    private static INDArray row(float[] values, DataType type) {
        return Nd4j.create(values, new long[] {1, values.length}, 'c').castTo(type);
    }
}
