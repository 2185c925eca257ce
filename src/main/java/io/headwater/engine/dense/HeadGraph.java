package io.headwater.engine.dense;

import io.headwater.engine.HeadState;
import io.headwater.engine.device.Nd4jRuntime;
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
import org.nd4j.linalg.learning.config.NoOp;

/** Builds the Deeplearning4j graph of a head. */
final class HeadGraph {
    private HeadGraph() {}

    /**
     * Returns the graph of {@code layout} with the parameters of {@code state}; nothing in it is initialised at
     * random.
     */
    static ComputationGraph build(
            HeadSpec spec, HeadLayout layout, HeadState state, ObjectiveLoss loss, DataType type) {
        Nd4jRuntime.start();
        ComputationGraph graph = new ComputationGraph(configuration(spec, layout, loss, type));
        INDArray parameters = Nd4j.create(type, 1, layout.parameters().size());
        layout.parameters().write(parameters, state.parameters());
        graph.init(parameters, false);
        return graph;
    }

    private static ComputationGraphConfiguration configuration(
            HeadSpec spec, HeadLayout layout, ObjectiveLoss loss, DataType type) {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(spec.seed())
                .dataType(type)
                .updater(new NoOp()) // the head's own optimiser updates the parameters
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
                                .activation(Activation.IDENTITY)
                                .build(),
                        below)
                .setOutputs("output")
                .validateOutputLayerConfig(false) // one class is a valid start: more come with the stream
                .build();
    }
}
