package io.headwater.engine.graph;

import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.domain.Digest;
import io.headwater.engine.Logits;
import io.headwater.engine.ModelInput;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes the output of a graph model as a whole and in two parts. */
public final class GraphParts {
    private static final Digest ANY = Digest.of(new byte[0]);

    private GraphParts() {}

    /** Returns the output of the whole model for each input. */
    public static float[][] whole(GraphModel model, BaseModelInput input, List<ModelInput> inputs) {
        return below(model, input, model.output(), inputs);
    }

    /** Returns the weights of the model's last vertex, a dense layer, under the names of an output layer's weights. */
    public static Map<String, Tensor.F32> classifier(GraphModel model) {
        return Map.of(
                "output/W",
                Objects.requireNonNull(model.weights().get(model.output() + "/W")),
                "output/b",
                Objects.requireNonNull(model.weights().get(model.output() + "/b")));
    }

    /** Returns the output computed by the frozen part below {@code cut} and the trainable part above it. */
    public static float[][] divided(GraphModel model, BaseModelInput input, String cut, List<ModelInput> inputs) {
        float[][] features = below(model, input, cut, inputs);
        if (cut.equals(model.output())) {
            return features;
        }
        if (Objects.requireNonNull(model.vertex(model.output())).operation() instanceof Dense dense
                && dense.activation().kind() == Activation.Kind.SOFTMAX) {
            try (GraphTop top = GraphTop.of(model, cut)) {
                float[][] answers = top.logits(features);
                for (float[] row : answers) {
                    Logits.softmax(row, 0, row.length);
                }
                return answers;
            }
        }
        ComputationGraph above = GraphNetwork.answering(model, cut, model.output(), null, DataType.FLOAT);
        INDArray output = above.outputSingle(false, GraphNetwork.batch(features, shape(model, cut), DataType.FLOAT));
        return GraphNetwork.rows(GraphNetwork.values(output, shape(model, model.output())), features.length);
    }

    private static float[][] below(GraphModel model, BaseModelInput input, String cut, List<ModelInput> inputs) {
        try (GraphBackbone backbone = GraphBackbone.open(model, input, cut, Pooling.NONE, false, ANY)) {
            return backbone.features(inputs).toArray(float[][]::new);
        }
    }

    private static Shape shape(GraphModel model, String vertex) {
        return Objects.requireNonNull(model.shapes().get(vertex));
    }
}
