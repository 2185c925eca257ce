package io.headwater.engine.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;

/**
 * An index of an ONNX graph: the node that computes and the nodes that read each tensor, the constants, and the nodes
 * in an order in which they can run. Immutable. A node also counts as a reader of the outer tensors that its branches
 * and loop bodies read.
 */
public final class OnnxGraph {
    private final GraphProto proto;
    private final List<NodeProto> nodes;
    private final List<List<String>> reads;
    private final List<ValueInfoProto> inputs;
    private final Map<String, TensorProto> initializers;
    private final Map<String, TensorProto> constants;
    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<String, List<Integer>> consumers = new HashMap<>();

    private OnnxGraph(GraphProto proto) {
        this.proto = proto;
        initializers = Initializers.of(proto);
        inputs = Initializers.inputs(proto, initializers.keySet());
        List<Set<String>> unordered = GraphScope.check(proto);
        int[] order = order(proto, unordered);
        nodes = Arrays.stream(order).mapToObj(proto::getNode).toList();
        reads = Arrays.stream(order)
                .mapToObj(i -> List.copyOf(unordered.get(i)))
                .toList();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).getOutputList()) {
                if (!output.isEmpty()) {
                    producers.put(output, i);
                }
            }
            for (String read : reads.get(i)) {
                consumers.computeIfAbsent(read, name -> new ArrayList<>(2)).add(i);
            }
        }
        constants = new HashMap<>(initializers);
        nodes.forEach(node -> ConstantNodes.value(node).ifPresent(value -> constants.put(node.getOutput(0), value)));
    }

    /**
     * Indexes a graph whose messages are complete, as those that {@link OnnxModelFile} returns.
     *
     * @throws OnnxException if a tensor is computed twice, read but not defined, or computed from itself
     */
    public static OnnxGraph of(GraphProto graph) {
        return new OnnxGraph(graph);
    }

    /** The graph as it was given. */
    public GraphProto proto() {
        return proto;
    }

    /**
     * All nodes, each after the nodes whose results it reads; this is the order of the file if that satisfies this
     * condition.
     */
    public List<NodeProto> nodes() {
        return nodes;
    }

    /** The node that computes {@code tensor}, or null if there is none. */
    public @Nullable NodeProto producer(String tensor) {
        Integer producer = producers.get(tensor);
        return producer == null ? null : nodes.get(producer);
    }

    /** The nodes that read {@code tensor}, each once, in the order of {@link #nodes()}. */
    public List<NodeProto> consumers(String tensor) {
        return consumersAt(tensor).stream().map(nodes::get).toList();
    }

    /** The index in {@link #nodes()} of the node that computes {@code tensor}, or -1 if there is none. */
    public int producerAt(String tensor) {
        return producers.getOrDefault(tensor, -1);
    }

    /** The indices in {@link #nodes()} of the nodes that read {@code tensor}, ascending. */
    public List<Integer> consumersAt(String tensor) {
        return Collections.unmodifiableList(consumers.getOrDefault(tensor, List.of()));
    }

    /** The tensors that the node with this index in {@link #nodes()} reads, each name once, without empty names. */
    public List<String> readsAt(int node) {
        return reads.get(node);
    }

    /** The tensors that a node reads, directly or from the graphs of its branches and loops, each name once. */
    public static List<String> reads(NodeProto node) {
        return List.copyOf(GraphScope.reads(node));
    }

    /** A node that reads other tensors, directly and in its subgraphs: those that {@code names} gives for their names. */
    public static NodeProto reading(NodeProto node, Map<String, String> names) {
        return Subgraphs.reading(node, names);
    }

    /**
     * The tensors on whose values {@code tensor} depends, and itself. Tensors of which only the shape is read are left out.
     *
     * @param without tensors that are left out, with those on which only they depend
     */
    public Set<String> needs(String tensor, Set<String> without) {
        Set<String> needs = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(tensor));
        while (!open.isEmpty()) {
            String name = open.pop();
            int producer = producerAt(name);
            if (!without.contains(name)
                    && needs.add(name)
                    && producer >= 0
                    && !SamplePath.readsShapeOnly(nodes().get(producer))) {
                open.addAll(readsAt(producer));
            }
        }
        return needs;
    }

    /** The initializer with this name, or null. */
    public @Nullable TensorProto initializer(String name) {
        return initializers.get(name);
    }

    /** The value of an initializer or of the output of a {@code Constant} node, or null if the tensor is neither. */
    public @Nullable TensorProto constant(String name) {
        return constants.get(name);
    }

    /** All initializers, in the order of the file. */
    public Collection<TensorProto> initializers() {
        return Collections.unmodifiableCollection(initializers.values());
    }

    /** The inputs that a caller must provide, without the initializers that old models list among the inputs. */
    public List<ValueInfoProto> inputs() {
        return inputs;
    }

    /** The names of the outputs. */
    public List<String> outputs() {
        return proto.getOutputList().stream().map(ValueInfoProto::getName).toList();
    }

    /** The names of all tensors that nodes compute. */
    public Set<String> computed() {
        return Collections.unmodifiableSet(producers.keySet());
    }

    /** The number of elements of all parameters: floating-point weights with more than one element. */
    public long parameters() {
        long elements = 0;
        for (TensorProto weight : initializers.values()) {
            elements += Parameters.elements(weight);
        }
        for (NodeProto node : nodes) {
            elements += Parameters.elementsWithin(node);
        }
        return elements;
    }

    /**
     * The number of elements of {@code tensor} according to its shape.
     *
     * @throws OnnxException if a dimension is negative or there are more than 2^31 - 1 elements
     */
    public static long elements(TensorProto tensor) {
        return TensorRules.elements(tensor);
    }

    /** Topological order by Kahn's algorithm (1962), which always takes the ready node that comes first in the file. */
    private static int[] order(GraphProto graph, List<Set<String>> reads) {
        Map<String, Integer> producer = new HashMap<>();
        for (int i = 0; i < graph.getNodeCount(); i++) {
            for (String output : graph.getNode(i).getOutputList()) {
                producer.put(output, i);
            }
        }
        int[] open = new int[graph.getNodeCount()];
        List<List<Integer>> next = new ArrayList<>();
        for (int i = 0; i < open.length; i++) {
            next.add(new ArrayList<>(2));
        }
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < open.length; i++) {
            for (String read : reads.get(i)) {
                Integer from = producer.get(read);
                if (from != null) {
                    next.get(from).add(i);
                    open[i]++;
                }
            }
            if (open[i] == 0) {
                ready.add(i);
            }
        }
        int[] order = new int[open.length];
        int done = 0;
        for (Integer node = ready.poll(); node != null; node = ready.poll()) {
            order[done++] = node;
            for (int reader : next.get(node)) {
                if (--open[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (done < open.length) {
            throw new OnnxException("nodes must not read what is computed from their outputs, but tensor '"
                    + onCycle(reads, producer, open) + "' is computed from itself; export the model again");
        }
        return order;
    }

    /** A tensor on a cycle; it is found because every remaining node reads the result of another remaining node. */
    private static String onCycle(List<Set<String>> reads, Map<String, Integer> producer, int[] open) {
        int node = 0;
        while (open[node] == 0) {
            node++;
        }
        Set<String> seen = new HashSet<>();
        while (true) {
            for (String read : reads.get(node)) {
                Integer from = producer.get(read);
                if (from != null && open[from] > 0) {
                    if (!seen.add(read)) {
                        return read;
                    }
                    node = from;
                    break;
                }
            }
        }
    }
}
