package io.headwater.engine.top;

import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.Reproducible;
import io.headwater.engine.onnx.ValueInfos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;

/**
 * The nodes between the tensors of a cut and an output tensor above it, in single precision.
 *
 * @param opsets version of the operator set by domain, where "" is the default domain
 * @param nodes the nodes in an order in which they can run
 * @param cut the tensors of the cut, which the nodes read
 * @param output the output tensor
 * @param sideInputs other inputs of the model that the nodes read, such as a mask
 * @param initializers the initializers that the nodes read
 * @param roles the parameters among the initializers, with their roles
 */
public record Segment(
        Map<String, Integer> opsets,
        List<NodeProto> nodes,
        List<String> cut,
        String output,
        List<ValueInfoProto> sideInputs,
        Map<String, TensorProto> initializers,
        Map<String, ParameterRole> roles) {

    /**
     * Extracts a segment from a model.
     *
     * @param model the model, whose initializers must hold raw data
     * @param sampleInputs inputs that carry the sample, of which the segment may read only the shape
     * @throws TopException if the segment reads a value or shape that is neither above the cut nor a side input, uses
     *     parameters in a subgraph, or does not depend on the sample alone
     */
    public static Segment of(ModelProto model, List<String> cut, String output, Collection<String> sampleInputs) {
        OnnxGraph graph = OnnxGraph.of(model.getGraph());
        BitSet above = above(graph, Set.copyOf(cut), output, Set.copyOf(sampleInputs));
        List<NodeProto> nodes = new ArrayList<>();
        Set<String> made = new LinkedHashSet<>(cut);
        Set<String> carriers = new HashSet<>(cut);
        Map<String, TensorProto> initializers = new HashMap<>();
        Set<String> sides = new LinkedHashSet<>();
        for (int i = above.nextSetBit(0); i >= 0; i = above.nextSetBit(i + 1)) {
            NodeProto node = graph.nodes().get(i);
            boolean shapeOnly = readsShapeOnly(node);
            for (String read : graph.readsAt(i)) {
                TensorProto initializer = graph.initializer(read);
                if (initializer != null) {
                    initializers.put(read, Widening.of(initializer));
                } else if (!made.contains(read)) {
                    if (sampleInputs.contains(read) && !shapeOnly) {
                        throw new TopException("the cut " + cut + " must separate '" + output
                                + "' from the sample, but node '" + node.getName() + "' (" + node.getOpType()
                                + ") above it reads the input '" + read + "'; choose another cut");
                    }
                    sides.add(read);
                }
            }
            SubgraphParameters.first(graph, node).ifPresent(parameter -> {
                throw new TopException("node '" + node.getName() + "' (" + node.getOpType()
                        + ") between the cut " + cut + " and '" + output
                        + "' must not have parameters in its subgraphs, as they have no gradient, but uses '"
                        + parameter
                        + "' there; choose a cut above it, or training.strategy linear-probe");
            });
            boolean carries = !shapeOnly && graph.readsAt(i).stream().anyMatch(carriers::contains);
            if (carries) {
                carriers.addAll(node.getOutputList());
            }
            NodeProto free = carries ? FreedRows.of(graph, node, initializers) : node;
            FusedNodes.of(free).stream().map(Widening::of).forEach(nodes::add);
            made.addAll(node.getOutputList());
        }
        requireReproducible(nodes);
        Map<String, Integer> opsets = new HashMap<>();
        for (OperatorSetIdProto opset : model.getOpsetImportList()) {
            opsets.put(opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain(), (int) opset.getVersion());
        }
        return new Segment(
                Map.copyOf(opsets),
                List.copyOf(nodes),
                List.copyOf(cut),
                output,
                graph.inputs().stream()
                        .filter(input -> sides.contains(input.getName()))
                        .map(Widening::of)
                        .toList(),
                Map.copyOf(initializers),
                ParameterRoles.of(graph, nodes));
    }

    private static void requireReproducible(List<NodeProto> nodes) {
        try {
            Reproducible.check(nodes);
        } catch (OnnxException e) {
            throw new TopException(e.getMessage());
        }
    }

    /** The segment as a graph that computes {@link #output}, without trainable parameters. */
    public GraphProto graph(Map<String, long[]> cutShapes) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("segment").addAllNode(nodes);
        cutShapes.forEach((name, shape) -> graph.addInput(ValueInfos.of(name, shape)));
        graph.addAllInput(sideInputs);
        graph.addAllInitializer(initializers.values());
        return graph.addOutput(ValueInfoProto.newBuilder().setName(output)).build();
    }

    /**
     * Whether the node of the segment that computes {@code tensor} depends on a trainable parameter, directly or
     * indirectly.
     */
    public boolean learnsBelow(String tensor) {
        Set<String> learned = new HashSet<>(roles.keySet());
        for (NodeProto node : nodes) {
            if (OnnxGraph.reads(node).stream().anyMatch(learned::contains)) {
                learned.addAll(node.getOutputList());
            }
        }
        return learned.contains(tensor);
    }

    /** Whether the model was exported for one row, and nodes of the segment were changed so that they take any number. */
    public boolean hasFreedRows() {
        return FreedRows.isAnyOf(initializers);
    }

    /** {@code graph} as a model with these operator sets. */
    public ModelProto model(GraphProto graph) {
        return TopGraph.model(graph, opsets);
    }

    private static boolean readsShapeOnly(NodeProto node) {
        return node.getOpType().equals("Shape") || node.getOpType().equals("Size");
    }

    /** The nodes that {@code output} needs and that are not below the cut. */
    private static BitSet above(OnnxGraph graph, Set<String> cut, String output, Set<String> sampleInputs) {
        BitSet above = new BitSet();
        Deque<String> open = new ArrayDeque<>(List.of(output));
        Map<String, NodeProto> shapes = new LinkedHashMap<>();
        while (!open.isEmpty()) {
            raise(graph, cut, open, above, shapes);
            shapes.forEach((tensor, reader) -> {
                int node = graph.producerAt(tensor);
                if (node >= 0 && !above.get(node)) {
                    requireNoSample(graph, tensor, reader, cut, output, sampleInputs);
                    open.push(tensor);
                }
            });
            shapes.clear();
        }
        return above;
    }

    /**
     * Marks the nodes that the tensors in {@code open} need; tensors of which only the shape is read go to {@code
     * shapes}.
     */
    private static void raise(
            OnnxGraph graph, Set<String> cut, Deque<String> open, BitSet above, Map<String, NodeProto> shapes) {
        while (!open.isEmpty()) {
            String tensor = open.pop();
            int at = cut.contains(tensor) ? -1 : graph.producerAt(tensor);
            if (at < 0 || above.get(at)) {
                continue;
            }
            above.set(at);
            NodeProto node = graph.nodes().get(at);
            if (!readsShapeOnly(node)) {
                open.addAll(graph.readsAt(at));
            } else if (!cut.contains(node.getInput(0))) {
                shapes.put(node.getInput(0), node);
            }
        }
    }

    private static void requireNoSample(
            OnnxGraph graph,
            String tensor,
            NodeProto reader,
            Set<String> cut,
            String output,
            Set<String> sampleInputs) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(tensor));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (sampleInputs.contains(next)) {
                throw new TopException("the part between the cut " + cut + " and '" + output
                        + "' must not need tensors below the cut, but node '" + reader.getName() + "' ("
                        + reader.getOpType() + ") in it reads the shape of '" + tensor + "'; choose another cut");
            }
            int node = seen.add(next) ? graph.producerAt(next) : -1;
            if (node >= 0 && !readsShapeOnly(graph.nodes().get(node))) {
                open.addAll(graph.readsAt(node));
            }
        }
    }

    /**
     * The number of {@code boundaries}, listed from the top down, that lie above each initializer: 0 for an initializer
     * that is read above the first boundary, 1 between the first and the second, and so on.
     */
    Map<String, Integer> depths(List<List<String>> boundaries) {
        Map<String, Integer> depths = new HashMap<>();
        initializers.keySet().forEach(name -> depths.put(name, boundaries.size()));
        for (int depth = boundaries.size() - 1; depth >= 0; depth--) {
            int below = depth;
            Set<String> reads = new LinkedHashSet<>();
            above(boundaries.get(depth)).forEach(node -> reads.addAll(OnnxGraph.reads(node)));
            depths.replaceAll((name, before) -> reads.contains(name) ? below : before);
        }
        return depths;
    }

    private List<NodeProto> above(List<String> boundary) {
        Set<String> needed = new LinkedHashSet<>(List.of(output));
        List<NodeProto> found = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            NodeProto node = nodes.get(i);
            boolean isNeeded =
                    node.getOutputList().stream().anyMatch(made -> needed.contains(made) && !boundary.contains(made));
            if (isNeeded) {
                needed.addAll(OnnxGraph.reads(node));
                found.add(node);
            }
        }
        return found;
    }
}
