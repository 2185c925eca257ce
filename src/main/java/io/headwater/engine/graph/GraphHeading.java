package io.headwater.engine.graph;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Replaces the classifier of a graph model by a new output layer. */
final class GraphHeading {
    /** The name of the new output layer; its weights are {@code output/W} and {@code output/b}. */
    static final String OUTPUT = "output";

    private static final String POOLED = "output-features";

    private GraphHeading() {}

    /**
     * Returns the part of {@code model} up to {@code feature}, followed by pooling and a softmax layer initialised
     * with zeros, so that every class is equally probable.
     *
     * @param feature the last vertex to keep; the classifier above it is dropped
     * @param pooling {@code MEAN} over the positions of an image or the steps of a sequence; {@code NONE} for a
     *     vector, or to flatten an image
     * @param outputs the number of classes, positive
     * @throws GraphException when the vertex is unknown, the name of a new vertex is taken, or its output cannot be
     *     pooled in this way
     */
    static GraphModel headed(GraphModel model, String feature, Pooling pooling, int outputs) {
        List<Vertex> vertices =
                new ArrayList<>(GraphCut.between(model, model.input().name(), feature));
        if (vertices.stream()
                .anyMatch(one -> one.name().equals(OUTPUT) || one.name().equals(POOLED))) {
            throw new GraphException("the vertices up to '" + feature + "' have one named '" + OUTPUT + "' or '"
                    + POOLED + "', which the new output layer must have; choose a feature vertex below it");
        }
        Shape shape = Objects.requireNonNull(model.shapes().get(feature));
        String below = feature;
        int width = shape.size();
        if (!(shape instanceof Shape.Features)) {
            Operation operation = pool(feature, shape, pooling);
            vertices.add(new Vertex(POOLED, List.of(feature), operation));
            below = POOLED;
            width = operation.output(List.of(shape)).size();
        }
        vertices.add(new Vertex(OUTPUT, List.of(below), new Dense(outputs, true, Activation.SOFTMAX)));
        SortedMap<String, Tensor.F32> weights = new TreeMap<>();
        vertices.forEach(vertex -> weights.putAll(weights(model, vertex.name())));
        weights.put(OUTPUT + "/W", new Tensor.F32(new int[] {width, outputs}, new float[width * outputs]));
        weights.put(OUTPUT + "/b", new Tensor.F32(new int[] {outputs}, new float[outputs]));
        return new GraphModel(model.input(), vertices, OUTPUT, weights);
    }

    /**
     * Returns the number of features that the new output layer reads.
     *
     * @throws GraphException when the vertex is unknown, or its output cannot be pooled in this way
     */
    static int width(GraphModel model, String feature, Pooling pooling) {
        return Objects.requireNonNull(
                        headed(model, feature, pooling, 1).weights().get(OUTPUT + "/W"))
                .shape()[0];
    }

    private static Operation pool(String feature, Shape shape, Pooling pooling) {
        if (pooling == Pooling.MEAN && !(shape instanceof Shape.Tokens)) {
            return new GlobalPool(PoolKind.AVERAGE);
        }
        if (pooling == Pooling.NONE && shape instanceof Shape.Image) {
            return new Reshape(new Shape.Features(shape.size()));
        }
        throw new GraphException("vertex '" + feature + "' gives " + shape + ", which pooling " + pooling
                + " makes no vector of; choose another pooling or vertex");
    }

    private static SortedMap<String, Tensor.F32> weights(GraphModel model, String vertex) {
        SortedMap<String, Tensor.F32> own = new TreeMap<>();
        model.weights().forEach((name, tensor) -> {
            if (GraphModel.vertexOf(name).equals(vertex)) {
                own.put(name, tensor);
            }
        });
        return own;
    }
}
