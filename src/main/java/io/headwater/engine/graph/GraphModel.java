package io.headwater.engine.graph;

import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.SafetensorsException;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A graph model in Headwater's own format: one safetensors file whose metadata entry {@code graph} holds the
 * architecture as JSON and whose tensors are named {@code vertex/W}, {@code vertex/b}, {@code vertex/gamma} and so on.
 * Images are always channels first, regardless of the layout that the model was trained with.
 *
 * @param input the input of the model
 * @param vertices 1 to 10,000 vertices in topological order
 * @param output the name of the output vertex
 * @param weights the weights of all vertices, finite; no other tensors are allowed
 */
public record GraphModel(Input input, List<Vertex> vertices, String output, SortedMap<String, Tensor.F32> weights) {
    static final String METADATA = "graph";
    private static final int MAX_VERTICES = 10_000;
    private static final int MAX_NAME = 200;

    /** The input, without the batch axis. */
    public record Input(String name, Shape shape) {
        public Input {
            checkName(name);
        }
    }

    /**
     * One step of the computation.
     *
     * @param name unique among vertices and input, 1 to 200 characters
     * @param inputs the names of the vertices or the input that it reads
     */
    public record Vertex(String name, List<String> inputs, Operation operation) {
        public Vertex {
            checkName(name);
            inputs = List.copyOf(inputs);
        }
    }

    public GraphModel {
        vertices = List.copyOf(vertices);
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        if (vertices.isEmpty() || vertices.size() > MAX_VERTICES) {
            throw new GraphException("a graph needs 1 to " + MAX_VERTICES + " vertices, but has " + vertices.size());
        }
        Map<String, Shape> shapes = shapes(input, vertices);
        if (!shapes.containsKey(output) || output.equals(input.name())) {
            throw new GraphException("the output '" + output + "' must be a vertex, but is none");
        }
        checkWeights(vertices, shapes, weights);
    }

    /**
     * Reads a model from the bytes of its file.
     *
     * @throws GraphException when the bytes are not a valid graph model
     */
    public static GraphModel read(byte[] safetensors) {
        try {
            Safetensors.Contents contents = Safetensors.read(safetensors);
            String json = contents.metadata().get(METADATA);
            if (json == null) {
                throw new GraphException("the file has no metadata '" + METADATA
                        + "', so it is no graph model; convert the model that was meant");
            }
            SortedMap<String, Tensor.F32> weights = new TreeMap<>();
            contents.tensors().keySet().forEach(name -> weights.put(name, contents.floats(name)));
            GraphJson.Architecture graph = GraphJson.read(json);
            return new GraphModel(graph.input(), graph.vertices(), graph.output(), weights);
        } catch (SafetensorsException e) {
            throw new GraphException("the file is no graph model: " + e.getMessage(), e);
        }
    }

    /** Returns the bytes of the model's file; the same model gives the same bytes. */
    public byte[] write() {
        String json = GraphJson.write(new GraphJson.Architecture(input, vertices, output));
        return Safetensors.write(weights, Map.of(METADATA, json));
    }

    /** Returns the shapes of the input and of the output of every vertex, in order. */
    public Map<String, Shape> shapes() {
        return shapes(input, vertices);
    }

    /** Returns the number of weights of the vertex. */
    public long parameters(String vertex) {
        return weights.entrySet().stream()
                .filter(named -> vertexOf(named.getKey()).equals(vertex))
                .mapToLong(named -> named.getValue().values().length)
                .sum();
    }

    /** Returns the vertex with that name, or null if there is none. */
    @Nullable
    public Vertex vertex(String name) {
        return vertices.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Returns the same model with new values of some weights. */
    public GraphModel with(Map<String, Tensor.F32> trained) {
        SortedMap<String, Tensor.F32> all = new TreeMap<>(weights);
        all.putAll(trained);
        return new GraphModel(input, vertices, output, all);
    }

    /** Returns the name of the vertex that a weight belongs to. */
    static String vertexOf(String weight) {
        return weight.substring(0, Math.max(0, weight.lastIndexOf('/')));
    }

    /** Returns the input shapes of a vertex. */
    public static List<Shape> inputs(Vertex vertex, Map<String, Shape> shapes) {
        List<Shape> inputs = new ArrayList<>();
        for (String name : vertex.inputs()) {
            Shape shape = shapes.get(name);
            if (shape == null) {
                throw new GraphException("vertex '" + vertex.name() + "' reads '" + name
                        + "', which must be the input or a vertex before it");
            }
            inputs.add(shape);
        }
        return inputs;
    }

    /** Returns the names and shapes of the weights that a vertex must have. */
    static Map<String, int[]> weights(Vertex vertex, Map<String, Shape> shapes) {
        Map<String, int[]> named = new TreeMap<>();
        vertex.operation()
                .weights(inputs(vertex, shapes))
                .forEach((name, shape) -> named.put(vertex.name() + "/" + name, shape));
        return named;
    }

    private static Map<String, Shape> shapes(Input input, List<Vertex> vertices) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(input.name(), input.shape());
        for (Vertex vertex : vertices) {
            List<Shape> inputs = inputs(vertex, shapes);
            try {
                if (shapes.put(vertex.name(), vertex.operation().output(inputs)) != null) {
                    throw new GraphException("its name is taken; names must be unique");
                }
            } catch (GraphException | ArithmeticException e) {
                throw new GraphException(
                        "vertex '" + vertex.name() + "' ("
                                + vertex.operation().getClass().getSimpleName() + "): " + e.getMessage(),
                        e);
            }
        }
        return shapes;
    }

    private static void checkWeights(
            List<Vertex> vertices, Map<String, Shape> shapes, Map<String, Tensor.F32> weights) {
        Set<String> unknown = new HashSet<>(weights.keySet());
        for (Vertex vertex : vertices) {
            weights(vertex, shapes).forEach((name, shape) -> {
                Tensor.F32 tensor = weights.get(name);
                if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
                    throw new GraphException("weight '" + name + "' must have shape " + Arrays.toString(shape)
                            + ", but " + (tensor == null ? "is missing" : "has " + Arrays.toString(tensor.shape())));
                }
                checkFinite(name, tensor.values());
                unknown.remove(name);
            });
        }
        if (!unknown.isEmpty()) {
            throw new GraphException("the weights " + new TreeSet<>(unknown) + " belong to no vertex");
        }
    }

    private static void checkFinite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new GraphException("weight '" + name + "' must be finite, but holds " + value);
            }
        }
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new GraphException("a name must have 1 to " + MAX_NAME + " characters, but has " + name.length());
        }
    }
}
