package io.headwater.engine.graph;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.PretrainedClassifier;
import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.WindowPool;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the linear layer of a graph model's classifier from the vertices above the features. Global average pooling
 * and a layer that is applied to every position separately commute, so they may come in either order.
 */
final class GraphClassifier {
    private final GraphModel model;
    private final String feature;
    private boolean pooled;
    private boolean ended;
    private Tensor.@Nullable F32 weights;
    private Tensor.@Nullable F32 bias;

    private GraphClassifier(GraphModel model, String feature, Pooling pooling) {
        this.model = model;
        this.feature = feature;
        pooled = pooling == Pooling.NONE || model.shapes().get(feature) instanceof Shape.Features;
    }

    /**
     * Extracts the classifier.
     *
     * @param feature the vertex whose output is the features
     * @param pooling how the output of that vertex is pooled
     * @throws GraphException when the model's output is not a single linear layer over these features, optionally
     *     followed by a softmax
     */
    static PretrainedClassifier read(GraphModel model, String feature, Pooling pooling) {
        if (feature.equals(model.output())) {
            throw new GraphException("head.output-layer keep needs a layer above the features, but '" + feature
                    + "' is the output of the model; choose head.output-layer new or another cut");
        }
        return new GraphClassifier(model, feature, pooling).read();
    }

    private PretrainedClassifier read() {
        List<Vertex> above = GraphCut.between(model, feature, model.output());
        String below = feature;
        for (Vertex vertex : above) {
            if (!vertex.inputs().equals(List.of(below))) {
                throw refused(vertex, "must read '" + below + "' alone, but reads " + vertex.inputs());
            }
            pass(vertex);
            below = vertex.name();
        }
        Tensor.F32 matrix = weights;
        if (matrix == null || !pooled) {
            throw new GraphException(
                    "head.output-layer keep needs a layer and a mean over all places above the features '"
                            + feature + "', but "
                            + (matrix == null ? "there is no layer" : "the model takes no such mean")
                            + "; choose head.output-layer new or another cut");
        }
        int classes = matrix.shape()[1];
        return new PretrainedClassifier(
                matrix, bias == null ? new Tensor.F32(new int[] {classes}, new float[classes]) : bias);
    }

    private void pass(Vertex vertex) {
        Operation operation = vertex.operation();
        if (operation instanceof Dense dense) {
            layer(vertex, Objects.requireNonNull(model.weights().get(vertex.name() + "/W")), dense.activation());
        } else if (operation instanceof Convolution convolution) {
            layer(vertex, ofOnePlace(vertex, convolution), convolution.activation());
        } else if (operation instanceof Activate activate) {
            activate(vertex, activate.activation());
        } else if (operation instanceof GlobalPool pool) {
            average(vertex, pool.kind());
        } else if (operation instanceof WindowPool pool) {
            if (!pool.output(inputs(vertex))
                            .equals(new Shape.Image(image(vertex).channels(), 1, 1))
                    || !pool.kernel()
                            .equals(new Size(
                                    image(vertex).height(), image(vertex).width()))) {
                throw refused(vertex, "must be a mean over all places, but has the window " + pool.kernel());
            }
            average(vertex, pool.kind());
        } else if (operation instanceof Reshape) {
            if (!pooled) {
                throw refused(vertex, "moves features that are not pooled yet");
            }
        } else if (!(operation instanceof Dropout)) {
            throw refused(vertex, "is between them");
        }
    }

    private void layer(Vertex vertex, Tensor.F32 matrix, Activation activation) {
        if (weights != null || ended) {
            throw refused(vertex, "is a second layer");
        }
        weights = matrix;
        bias = model.weights().get(vertex.name() + "/b");
        activate(vertex, activation);
    }

    private void activate(Vertex vertex, Activation activation) {
        switch (activation.kind()) {
            case LINEAR -> {}
            case SOFTMAX -> {
                if (weights == null || !pooled || ended) {
                    throw refused(vertex, "must take its softmax once, after layer and pooling, but does not");
                }
                ended = true;
            }
            default -> throw refused(vertex, "is not linear, but " + activation.kind());
        }
    }

    private void average(Vertex vertex, PoolKind kind) {
        if (pooled || kind != PoolKind.AVERAGE) {
            throw refused(vertex, "pools features that the pooling of the manifest does not");
        }
        pooled = true;
    }

    /** Returns the kernel [filters, channels, 1, 1] of a 1x1 convolution as a matrix [channels, filters]. */
    private Tensor.F32 ofOnePlace(Vertex vertex, Convolution convolution) {
        boolean plain = convolution.kind() == Convolution.Kind.STANDARD
                && convolution.kernel().equals(Size.ONE)
                && convolution.strides().equals(Size.ONE)
                && convolution.padding().height() == 0
                && convolution.padding().width() == 0;
        if (!plain) {
            throw refused(
                    vertex,
                    "must be a convolution of 1x1 over all places, without groups, strides and padding, but is not");
        }
        Tensor.F32 kernel = Objects.requireNonNull(model.weights().get(vertex.name() + "/W"));
        int filters = kernel.shape()[0];
        int channels = kernel.shape()[1];
        return TensorForms.permuted(new Tensor.F32(new int[] {filters, channels}, kernel.values()), 1, 0);
    }

    private List<Shape> inputs(Vertex vertex) {
        return GraphModel.inputs(vertex, model.shapes());
    }

    private Shape.Image image(Vertex vertex) {
        return Operation.one(inputs(vertex), Shape.Image.class);
    }

    private GraphException refused(Vertex vertex, String why) {
        return new GraphException("head.output-layer keep needs one linear layer alone between the features '" + feature
                + "', pooled as the manifest says, and the output '" + model.output() + "', but vertex '"
                + vertex.name() + "' (" + vertex.operation().getClass().getSimpleName() + ") " + why
                + "; choose head.output-layer new or another cut");
    }
}
