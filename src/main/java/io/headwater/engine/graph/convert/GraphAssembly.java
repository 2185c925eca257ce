package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.GraphModel;
import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds a graph model vertex by vertex. */
final class GraphAssembly {
    private final GraphModel.Input input;
    private final List<Vertex> vertices = new ArrayList<>();
    private final SortedMap<String, Tensor.F32> weights = new TreeMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    GraphAssembly(String name, Shape shape) {
        input = new GraphModel.Input(name, shape);
        shapes.put(name, shape);
    }

    /** Returns the shape of the input or of a vertex's output. */
    Shape shape(String name) {
        Shape shape = shapes.get(name);
        if (shape == null) {
            throw new GraphException("'" + name + "' is read before it is computed, or is not there");
        }
        return shape;
    }

    /** Adds a vertex and its weights, keyed by their names without the name of the vertex. */
    void add(String name, List<String> inputs, Operation operation, Map<String, Tensor.F32> own) {
        Vertex vertex = new Vertex(name, inputs, operation);
        try {
            shapes.put(name, operation.output(GraphModel.inputs(vertex, shapes)));
        } catch (GraphException | ArithmeticException e) {
            throw new GraphException(
                    "layer '" + name + "' (" + operation.getClass().getSimpleName() + "): " + e.getMessage(), e);
        }
        vertices.add(vertex);
        own.forEach((key, tensor) -> weights.put(name + "/" + key, tensor));
    }

    void add(String name, String below, Operation operation) {
        add(name, List.of(below), operation, Map.of());
    }

    GraphModel build(String output) {
        return new GraphModel(input, vertices, output, weights);
    }
}
