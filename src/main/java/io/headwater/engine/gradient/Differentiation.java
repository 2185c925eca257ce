package io.headwater.engine.gradient;

import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Reverse-mode automatic differentiation of an ONNX graph (Griewank and Walther, "Evaluating Derivatives", 2008,
 * chapter 3): nodes are visited in reverse order, and a rule for each operator propagates the gradient from its outputs
 * to its inputs.
 */
public final class Differentiation {
    private static final String SEED = "backward/seed";
    private static final int IR_VERSION = 8;

    private final Forward forward;
    private final Values values;

    private Differentiation(Forward forward) {
        this.forward = forward;
        this.values = new Values(forward);
    }

    /**
     * Builds the backward pass that computes the gradients of a scalar loss with respect to {@code wanted}, given the
     * gradient of the loss with respect to {@code output}.
     *
     * @param wanted floating-point inputs of the graph
     * @param output a floating-point tensor of the graph
     * @throws GradientException if an operator between {@code wanted} and {@code output} has no gradient rule
     */
    public static BackwardPass of(Forward forward, Set<String> wanted, String output) {
        return new Differentiation(forward).pass(wanted, output);
    }

    /**
     * Returns what keeps the gradient from {@code wanted} as far as that can be told without shapes: a sentence about the
     * first node that depends on them and whose operator has no gradient rule.
     *
     * @param nodes the nodes of a graph in an order in which they can run, all of which its output needs
     * @param opsets version of the operator set by domain, where "" is the default domain
     */
    public static Optional<String> obstacle(List<NodeProto> nodes, Map<String, Integer> opsets, Set<String> wanted) {
        Set<String> active = new HashSet<>(wanted);
        for (NodeProto proto : nodes) {
            if (GradientRules.isConstant(proto)
                    || OnnxGraph.reads(proto).stream().noneMatch(active::contains)) {
                continue;
            }
            Node node = node(proto, opsets);
            if (GradientRules.of(node) == null) {
                return Optional.of(String.valueOf(withoutRule(node).getMessage()));
            }
            if (SelectionRules.wantsBound(node, active)) {
                return Optional.of(
                        String.valueOf(SelectionRules.boundRefused(node).getMessage()));
            }
            active.addAll(proto.getOutputList());
        }
        return Optional.empty();
    }

    private BackwardPass pass(Set<String> wanted, String output) {
        Set<String> active = active(wanted);
        Backward backward = new Backward(values, active);
        backward.add(output, SEED);
        List<NodeProto> nodes = Chains.joined(forward.graph(), values, output);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            NodeProto proto = nodes.get(i);
            boolean reached = proto.getOutputList().stream().anyMatch(each -> backward.gradientOf(each) != null);
            if (reached && OnnxGraph.reads(proto).stream().anyMatch(active::contains)) {
                Node node = node(proto);
                rule(node).apply(node, backward);
            }
        }
        Map<String, String> gradients = new LinkedHashMap<>();
        for (String tensor : wanted) {
            String gradient = backward.gradientOf(tensor);
            if (gradient != null) {
                gradients.put(tensor, backward.op("Identity", gradient));
            }
        }
        return assemble(backward, output, gradients);
    }

    /** The tensors that depend on a wanted tensor: those through which the gradient propagates to it. */
    private Set<String> active(Set<String> wanted) {
        Set<String> active = new HashSet<>(wanted);
        for (NodeProto node : forward.graph().getNodeList()) {
            if (!GradientRules.isConstant(node)
                    && OnnxGraph.reads(node).stream().anyMatch(active::contains)) {
                active.addAll(node.getOutputList());
            }
        }
        active.remove("");
        return active;
    }

    private Node node(NodeProto proto) {
        return node(proto, forward.opsets());
    }

    private static Node node(NodeProto proto, Map<String, Integer> opsets) {
        String domain = proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
        return new Node(proto, opsets.getOrDefault(domain, 1));
    }

    private static GradientRule rule(Node node) {
        GradientRule rule = GradientRules.of(node);
        if (rule == null) {
            throw withoutRule(node);
        }
        return rule;
    }

    private static GradientException withoutRule(Node node) {
        return node.refused(
                node.hasSubgraph()
                        ? "computes its result in a subgraph, for which there is no gradient"
                        : "has an operator without a gradient rule");
    }

    private BackwardPass assemble(Backward backward, String output, Map<String, String> gradients) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("backward");
        List<NodeProto> nodes = backward.live(gradients.values());
        Set<String> made = new HashSet<>(Set.of("", SEED));
        nodes.forEach(node -> made.addAll(node.getOutputList()));
        List<String> saved = new ArrayList<>();
        List<NodeProto> appended = new ArrayList<>();
        for (NodeProto node : nodes) {
            for (String tensor : Recursion.reads(node)) {
                if (made.add(tensor)) {
                    read(tensor, backward, graph, saved, appended);
                }
            }
        }
        graph.addAllNode(nodes);
        gradients.forEach((tensor, name) -> graph.addOutput(value(name, forward.elementType(), values.shape(tensor))));
        graph.addInput(value(SEED, forward.elementType(), values.shape(output)));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(Backward.OPSET))
                .setGraph(graph)
                .build();
        return new BackwardPass(model, SEED, saved, appended, gradients);
    }

    /** Declares in the backward graph a tensor that none of its nodes computes, as an initializer or as an input. */
    private void read(
            String tensor, Backward backward, GraphProto.Builder graph, List<String> saved, List<NodeProto> appended) {
        TensorProto own = backward.constant(tensor);
        TensorProto constant = values.constant(tensor);
        NodeProto more = backward.appended(tensor);
        if (own != null) {
            graph.addInitializer(own);
        } else if (constant != null) {
            graph.addInitializer(constant.toBuilder().setName(tensor));
        } else if (more != null) {
            appended.add(more);
            saved.add(tensor);
            long[] shape = more.getOpType().equals("Shape") ? new long[] {-1} : values.shape(more.getInput(0));
            graph.addInput(value(tensor, TensorProto.DataType.INT64_VALUE, shape));
        } else {
            saved.add(tensor);
            graph.addInput(value(tensor, backward.type(tensor), values.shape(tensor)));
        }
    }

    private static ValueInfoProto value(String name, int elementType, long[] shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < shape.length; axis++) {
            TensorShapeProto.Dimension.Builder dim = dims.addDimBuilder();
            if (shape[axis] >= 0) {
                dim.setDimValue(shape[axis]);
            } else {
                dim.setDimParam(name + "/" + axis);
            }
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(elementType)
                .setShape(dims)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
