package io.headwater.engine.gradient;

import io.headwater.engine.onnx.Attributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * Finds chains of nodes that together form one operator which the exporter's operator set lacked: layer normalisation
 * and GELU. Differentiating such a chain as one operator is cheaper and saves only its input, so that ONNX Runtime can
 * compute the whole chain in one kernel in the forward pass.
 */
final class Chains {
    private static final double SQRT_2 = Math.sqrt(2);
    private static final double NEAR = 1e-3;

    private final Values values;
    private final List<NodeProto> nodes;
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, List<NodeProto>> readers = new HashMap<>();
    private final String output;

    private Chains(GraphProto graph, Values values, String output) {
        this.values = values;
        this.nodes = graph.getNodeList();
        this.output = output;
        for (NodeProto node : nodes) {
            node.getOutputList().forEach(tensor -> producers.put(tensor, node));
            node.getInputList()
                    .forEach(tensor -> readers.computeIfAbsent(tensor, absent -> new ArrayList<>())
                            .add(node));
        }
    }

    /**
     * The nodes of a graph, in which each chain is replaced by one node at the position of its last. They serve for
     * differentiation only and cannot be run.
     */
    static List<NodeProto> joined(GraphProto graph, Values values, String output) {
        // The kernels that compute such chains use single precision internally.
        return values.elementType() == DataType.FLOAT_VALUE
                ? new Chains(graph, values, output).joined()
                : graph.getNodeList();
    }

    private List<NodeProto> joined() {
        Map<NodeProto, NodeProto> replaced = new IdentityHashMap<>();
        Set<NodeProto> dropped = Collections.newSetFromMap(new IdentityHashMap<>());
        for (NodeProto node : nodes) {
            Optional<NodeProto> one = switch (node.getOpType()) {
                case "Add" -> layerNormalization(node);
                case "Mul" -> gelu(node);
                default -> Optional.empty();
            };
            one.ifPresent(found -> {
                Set<NodeProto> members = members(node, found.getInputList());
                if (isClosed(members, node)) {
                    replaced.put(node, found);
                    dropped.addAll(members);
                }
            });
        }
        return nodes.stream()
                .filter(node -> replaced.containsKey(node) || !dropped.contains(node))
                .map(node -> replaced.getOrDefault(node, node))
                .toList();
    }

    /** The nodes between {@code inputs} and {@code last}, including {@code last}. */
    private Set<NodeProto> members(NodeProto last, List<String> inputs) {
        Set<NodeProto> members = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<NodeProto> open = new ArrayDeque<>(List.of(last));
        while (!open.isEmpty()) {
            NodeProto node = open.pop();
            if (members.add(node)) {
                node.getInputList().stream()
                        .filter(tensor -> !inputs.contains(tensor) && values.constant(tensor) == null)
                        .map(producers::get)
                        .filter(Objects::nonNull)
                        .forEach(open::push);
            }
        }
        return members;
    }

    /** Whether no other node reads a result of the members, except the result of the last. */
    private boolean isClosed(Set<NodeProto> members, NodeProto last) {
        return members.stream()
                .filter(node -> node != last)
                .flatMap(node -> node.getOutputList().stream())
                .allMatch(tensor ->
                        !tensor.equals(output) && members.containsAll(readers.getOrDefault(tensor, List.of())));
    }

    /** The node that computes {@code tensor}, if it has the given operator type. */
    private Optional<NodeProto> made(String tensor, String type) {
        return Optional.ofNullable(producers.get(tensor))
                .filter(node ->
                        node.getOpType().equals(type) && node.getDomain().isEmpty());
    }

    /** Matches (x - mean(x)) / sqrt(mean((x - mean(x))²) + epsilon) * scale + bias, with means over the last axis. */
    private Optional<NodeProto> layerNormalization(NodeProto add) {
        for (int side = 0; side < 2; side++) {
            Optional<NodeProto> mul = made(add.getInput(side), "Mul");
            for (int factor = 0; factor < 2 && mul.isPresent(); factor++) {
                Optional<NodeProto> div = made(mul.get().getInput(factor), "Div");
                if (div.isPresent()) {
                    String scale = mul.get().getInput(1 - factor);
                    String bias = add.getInput(1 - side);
                    return normalised(div.get())
                            .filter(node ->
                                    isOfLastAxis(scale, node.getInput(0)) && isOfLastAxis(bias, node.getInput(0)))
                            .map(node -> node.addInput(scale)
                                    .addInput(bias)
                                    .addOutput(add.getOutput(0))
                                    .setName(add.getName())
                                    .build());
                }
            }
        }
        return Optional.empty();
    }

    private boolean isOfLastAxis(String vector, String x) {
        long[] own = values.shape(vector);
        long[] all = values.shape(x);
        return own.length == 1 && own[0] > 0 && own[0] == all[all.length - 1];
    }

    private Optional<NodeProto.Builder> normalised(NodeProto div) {
        Optional<NodeProto> centred = made(div.getInput(0), "Sub");
        Optional<NodeProto> variance = made(div.getInput(1), "Sqrt").flatMap(root -> made(root.getInput(0), "Add"));
        if (centred.isEmpty() || variance.isEmpty()) {
            return Optional.empty();
        }
        String x = centred.get().getInput(0);
        for (int side = 0; side < 2; side++) {
            Double epsilon = values.real(variance.get().getInput(1 - side));
            if (epsilon != null
                    && isMean(centred.get().getInput(1), x)
                    && made(variance.get().getInput(side), "ReduceMean")
                            .filter(this::isOfLastAxis)
                            .flatMap(mean -> squared(mean.getInput(0)))
                            .filter(each -> isCentred(each, x))
                            .isPresent()) {
                return Optional.of(NodeProto.newBuilder()
                        .setOpType("LayerNormalization")
                        .addInput(x)
                        .addAttribute(Attributes.attribute("axis", -1))
                        .addAttribute(Attributes.attribute("epsilon", epsilon.floatValue())));
            }
        }
        return Optional.empty();
    }

    /** The tensor whose square {@code tensor} is, if it is a square. */
    private Optional<String> squared(String tensor) {
        Optional<NodeProto> power = made(tensor, "Pow").filter(node -> isNear(node.getInput(1), 2));
        Optional<NodeProto> product =
                made(tensor, "Mul").filter(node -> node.getInput(0).equals(node.getInput(1)));
        return power.or(() -> product).map(node -> node.getInput(0));
    }

    private boolean isCentred(String tensor, String x) {
        return made(tensor, "Sub")
                .filter(sub -> sub.getInput(0).equals(x) && isMean(sub.getInput(1), x))
                .isPresent();
    }

    private boolean isMean(String tensor, String x) {
        return made(tensor, "ReduceMean")
                .filter(mean -> mean.getInput(0).equals(x) && isOfLastAxis(mean))
                .isPresent();
    }

    private boolean isOfLastAxis(NodeProto mean) {
        Node node = new Node(mean, Backward.OPSET);
        long[] axes = node.has(1)
                ? values.integers(node.input(1))
                : node.integers("axes").orElse(null);
        int last = values.shape(node.input(0)).length - 1;
        return axes != null
                && axes.length == 1
                && (axes[0] == -1 || axes[0] == last)
                && node.integer("keepdims", 1) == 1;
    }

    /** Matches x (1 + erf(x / sqrt(2))) / 2 with its three factors in any order. */
    private Optional<NodeProto> gelu(NodeProto mul) {
        List<String> factors = new ArrayList<>(mul.getInputList());
        for (int i = 0; i < 2; i++) {
            Optional<NodeProto> inner = made(mul.getInput(i), "Mul");
            if (inner.isPresent()) {
                factors.set(i, inner.get().getInput(0));
                factors.add(inner.get().getInput(1));
                break;
            }
        }
        if (factors.size() != 3) {
            return Optional.empty();
        }
        Set<String> xs = new HashSet<>();
        List<String> halves = new ArrayList<>();
        Optional<String> argument = Optional.empty();
        for (String factor : factors) {
            Optional<String> found = errorFunction(factor);
            if (found.isPresent()) {
                argument = found;
            } else if (isNear(factor, 0.5)) {
                halves.add(factor);
            } else {
                xs.add(factor);
            }
        }
        return argument.filter(xs::contains)
                .filter(x -> halves.size() == 1 && xs.size() == 1)
                .map(x -> NodeProto.newBuilder()
                        .setOpType("Gelu")
                        .setName(mul.getName())
                        .addInput(x)
                        .addOutput(mul.getOutput(0))
                        .build());
    }

    /** Matches 1 + erf(x / sqrt(2)) and returns x. */
    private Optional<String> errorFunction(String tensor) {
        Optional<NodeProto> add = made(tensor, "Add");
        for (int side = 0; side < 2 && add.isPresent(); side++) {
            Optional<NodeProto> erf = made(add.get().getInput(side), "Erf");
            if (erf.isPresent() && isNear(add.get().getInput(1 - side), 1)) {
                Optional<NodeProto> quotient =
                        made(erf.get().getInput(0), "Div").filter(node -> isNear(node.getInput(1), SQRT_2));
                Optional<NodeProto> product =
                        made(erf.get().getInput(0), "Mul").filter(node -> isNear(node.getInput(1), 1 / SQRT_2));
                return quotient.or(() -> product).map(node -> node.getInput(0));
            }
        }
        return Optional.empty();
    }

    private boolean isNear(String tensor, double number) {
        Double constant = values.real(tensor);
        return constant != null && Math.abs(constant - number) < NEAR * number;
    }
}
