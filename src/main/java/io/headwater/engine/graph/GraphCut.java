package io.headwater.engine.graph;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Divides a graph model at vertices. */
public final class GraphCut {
    private GraphCut() {}

    /**
     * A vertex that separates a model: every path from the input to the output passes through it.
     *
     * @param name the name of the vertex
     * @param shape the shape of its output
     * @param parametersAbove the number of weights of the vertices between it and the output
     */
    public record Cut(String name, Shape shape, long parametersAbove) {}

    /** Returns every vertex that separates {@code model} except the output, in the order of the model. */
    public static List<Cut> cuts(GraphModel model) {
        Map<String, Shape> shapes = model.shapes();
        List<Cut> cuts = new ArrayList<>();
        for (Vertex vertex : model.vertices()) {
            Set<String> above = needed(model, vertex.name(), model.output());
            if (!vertex.name().equals(model.output())
                    && !above.contains(model.input().name())
                    && above.contains(vertex.name())) {
                long parameters = above.stream()
                        .filter(name -> !name.equals(vertex.name()))
                        .mapToLong(model::parameters)
                        .sum();
                cuts.add(new Cut(vertex.name(), Objects.requireNonNull(shapes.get(vertex.name())), parameters));
            }
        }
        return List.copyOf(cuts);
    }

    /**
     * Returns the vertices at which the part below {@code feature} can be cut to unfreeze it block by block, from the
     * top down. There is one below each part that has parameters.
     */
    public static List<String> blocks(GraphModel model, String feature, Pooling pooling) {
        List<Cut> cuts = cuts(GraphHeading.headed(model, feature, pooling, 1));
        List<String> blocks = new ArrayList<>();
        long before = -1;
        for (int i = cuts.size() - 1; i >= 0; i--) {
            Cut cut = cuts.get(i);
            if (before >= 0 && cut.parametersAbove() > before) {
                blocks.add(cut.name());
            }
            before = before < 0 && !cut.name().equals(feature) ? before : Math.max(before, cut.parametersAbove());
        }
        return blocks;
    }

    /**
     * Returns the vertices above {@code from} up to and including {@code to}, in order.
     *
     * @param from the input or a vertex that separates it from {@code to}
     * @throws GraphException when one of them is unknown, or a path from the input bypasses {@code from}
     */
    static List<Vertex> between(GraphModel model, String from, String to) {
        requireKnown(model, from);
        requireKnown(model, to);
        if (from.equals(to)) {
            throw new GraphException("there is nothing between '" + from + "' and itself; choose a vertex above it");
        }
        Set<String> needed = needed(model, from, to);
        boolean reached = needed.contains(from);
        if (!reached
                || (!from.equals(model.input().name())
                        && needed.contains(model.input().name()))) {
            throw new GraphException("the graph cannot be cut at '" + from + "' below '" + to + "': "
                    + (reached ? "there is a way past it" : "nothing of it gets there") + "; cut it at one of "
                    + cuts(model).stream().map(Cut::name).toList());
        }
        return model.vertices().stream()
                .filter(vertex ->
                        needed.contains(vertex.name()) && !vertex.name().equals(from))
                .toList();
    }

    /** Returns the names of everything needed to compute {@code to} from {@code from}, including both. */
    private static Set<String> needed(GraphModel model, String from, String to) {
        Map<String, Vertex> byName = new HashMap<>();
        model.vertices().forEach(vertex -> byName.put(vertex.name(), vertex));
        Set<String> needed = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(to));
        while (!next.isEmpty()) {
            String name = next.pop();
            Vertex vertex = byName.get(name);
            if (needed.add(name) && vertex != null && !name.equals(from)) {
                next.addAll(vertex.inputs());
            }
        }
        return needed;
    }

    private static void requireKnown(GraphModel model, String name) {
        if (!name.equals(model.input().name()) && model.vertex(name) == null) {
            throw new GraphException("there is no vertex '" + name + "' in the graph; it can be cut at "
                    + cuts(model).stream().map(Cut::name).toList());
        }
    }
}
