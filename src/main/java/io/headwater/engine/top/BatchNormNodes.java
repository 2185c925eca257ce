package io.headwater.engine.top;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation by the statistics of a training step (Ioffe and Szegedy, "Batch Normalization", 2015). For
 * inference the nodes read running statistics, as in the model; in training the same nodes read statistics that are
 * computed from their input.
 */
public final class BatchNormNodes {
    private static final String OPERATOR = "BatchNormalization";
    private static final String MODE = "training_mode";
    /** The operator set from which ReduceMean takes its axes as an input. */
    private static final int AXES_AS_INPUT = 18;

    private BatchNormNodes() {}

    /** The batch normalisations of {@code top} whose running statistics are updated in training. */
    public static List<BatchNormNode> of(TopGraph top) {
        List<BatchNormNode> norms = new ArrayList<>();
        for (NodeProto node : top.graph().getNodeList()) {
            Parameter mean = isOne(node) ? top.parameters().get(node.getInput(3)) : null;
            if (mean != null) {
                norms.add(new BatchNormNode(node, mean.depth()));
            }
        }
        return norms;
    }

    /**
     * The running means and variances of a segment, by name.
     *
     * @throws TopException if there are none, or they cannot be updated from the steps
     */
    static Map<String, TensorProto> statistics(Segment segment) {
        Map<String, TensorProto> statistics = new LinkedHashMap<>();
        for (NodeProto node : segment.nodes()) {
            if (isOne(node)) {
                if (node.getOutputList().stream().skip(1).anyMatch(output -> !output.isEmpty()) || inTraining(node)) {
                    throw refused(node, "must normalise by running statistics", "measures the batch itself");
                }
                for (String name : node.getInputList().subList(3, 5)) {
                    statistics.put(name, own(segment, node, name));
                }
            }
        }
        if (statistics.isEmpty()) {
            throw new TopException("training.batch-norm update needs a BatchNormalization node between " + segment.cut()
                    + " and '" + segment.output() + "', but there is none; leave it out or choose a lower cut");
        }
        return statistics;
    }

    private static boolean isOne(NodeProto node) {
        return node.getOpType().equals(OPERATOR)
                && (node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx"));
    }

    private static boolean inTraining(NodeProto node) {
        return Attributes.integer(node, MODE, 0) != 0;
    }

    private static TensorProto own(Segment segment, NodeProto node, String name) {
        TensorProto tensor = segment.initializers().get(name);
        if (tensor == null || tensor.getDataType() != DataType.FLOAT_VALUE || tensor.getDimsCount() != 1) {
            throw refused(node, "must have statistics in initializers, one number a channel", "'" + name + "' is none");
        }
        long readers = segment.nodes().stream()
                .flatMap(each -> OnnxGraph.reads(each).stream())
                .filter(name::equals)
                .count();
        if (readers != 1) {
            throw refused(node, "must have statistics of its own", "'" + name + "' is read in " + readers + " places");
        }
        return tensor;
    }

    private static TopException refused(NodeProto node, String rule, String fault) {
        return new TopException("with training.batch-norm update, node '" + node.getName() + "' (" + OPERATOR + ") "
                + rule + ", but " + fault + "; use keep");
    }

    /**
     * The graph with {@code norms} in training mode, for deriving the gradient only: it cannot be run, as operator sets
     * before 14 lack that mode.
     */
    public static GraphProto inTraining(GraphProto graph, Collection<BatchNormNode> norms) {
        return replaced(graph, norms, norm -> {
            NodeProto.Builder node = norm.node().toBuilder().clearAttribute();
            norm.node().getAttributeList().stream()
                    .filter(attribute -> !attribute.getName().equals(MODE))
                    .forEach(node::addAttribute);
            return List.of(node.addAttribute(attribute(MODE, 1)).build());
        });
    }

    /**
     * The graph in which each of {@code norms} reads {@link BatchNormNode#batchMean} and {@link
     * BatchNormNode#batchVariance} instead of the running statistics, and which computes them.
     *
     * @param opset operator set of the graph
     * @param ranks returns the rank of a normalised tensor by name
     */
    public static GraphProto measured(
            GraphProto graph, Collection<BatchNormNode> norms, int opset, Function<String, Integer> ranks) {
        NodeWriter constants = new NodeWriter();
        GraphProto changed = replaced(graph, norms, norm -> {
            NodeWriter writer = new NodeWriter();
            long[] axes = LongStream.range(0, ranks.apply(norm.input()))
                    .filter(axis -> axis != 1)
                    .toArray();
            String name = norm.output();
            String mean = mean(writer, opset, true, axes, name + "/kept-mean", norm.input());
            String distance = writer.node("Sub", name + "/distance", norm.input(), mean);
            String squares = writer.node("Mul", name + "/squares", distance, distance);
            mean(writer, opset, false, axes, norm.batchMean(), norm.input());
            mean(writer, opset, false, axes, norm.batchVariance(), squares);
            constants.constants().putAll(writer.constants());
            List<NodeProto> nodes = new ArrayList<>(writer.nodes());
            nodes.add(norm.node().toBuilder()
                    .setInput(3, norm.batchMean())
                    .setInput(4, norm.batchVariance())
                    .build());
            return nodes;
        });
        return changed.toBuilder()
                .addAllInitializer(constants.constants().values())
                .build();
    }

    private static String mean(NodeWriter writer, int opset, boolean keeps, long[] axes, String output, String input) {
        var kept = attribute("keepdims", keeps ? 1 : 0);
        return opset < AXES_AS_INPUT
                ? writer.node("ReduceMean", output, List.of(kept, attribute("axes", axes)), input)
                : writer.node("ReduceMean", output, List.of(kept), input, writer.integers(output + "/axes", axes));
    }

    private static GraphProto replaced(
            GraphProto graph, Collection<BatchNormNode> norms, Function<BatchNormNode, List<NodeProto>> by) {
        Map<String, BatchNormNode> outputs = new LinkedHashMap<>();
        norms.forEach(norm -> outputs.put(norm.output(), norm));
        GraphProto.Builder changed = graph.toBuilder().clearNode();
        for (NodeProto node : graph.getNodeList()) {
            @Nullable BatchNormNode norm = outputs.get(node.getOutput(0));
            if (norm == null) {
                changed.addNode(node);
            } else {
                changed.addAllNode(by.apply(norm));
            }
        }
        return changed.build();
    }
}
