package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;

/** Gradients of operators that look up elements by index. */
final class IndexingRules {
    private IndexingRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "Gather", IndexingRules::gather,
                "GatherElements", IndexingRules::gatherElements,
                "GatherND", IndexingRules::gatherNd);
    }

    private static void gather(Node node, Backward backward) {
        String data = node.input(0);
        String indices = node.input(1);
        int axis = backward.axis(data, node.integer("axis", 0));
        long[] constant = backward.constantIntegers(indices);
        long[] shape = backward.shape(data);
        if (constant != null && constant.length == 1) {
            one(node, axis, constant[0], backward);
        } else if (axis == 0 && shape.length == 2 && shape[0] > 0 && shape[1] > 0) {
            rows(node, shape, backward);
        } else {
            List<AttributeProto> attributes = List.of(attribute("axis", (long) axis));
            String positions =
                    backward.op("Gather", attributes, Scatter.positions(data, backward), backward.wholes(indices));
            Scatter.add(data, positions, backward.gradient(node), backward);
        }
    }

    /** Gathers a single index of an axis: its gradient is padded with zeros. */
    private static void one(Node node, int axis, long index, Backward backward) {
        String data = node.input(0);
        int rank = backward.rank(data);
        String gradient = backward.gradient(node);
        int dimensions = backward.rank(node.input(1));
        if (dimensions == 0) {
            gradient = backward.op("Unsqueeze", gradient, backward.integers(axis));
        }
        for (int extra = 1; extra < dimensions; extra++) {
            gradient = backward.op("Squeeze", gradient, backward.integers(axis));
        }
        String others = backward.op("Sub", backward.sizeOf(data, axis), backward.integers(1));
        String[] before = MovementRules.zeros(rank, backward);
        String[] after = before.clone();
        if (index >= 0) {
            before[axis] = backward.integers(index);
            after[axis] = backward.op("Sub", others, before[axis]);
        } else {
            after[axis] = backward.integers(-index - 1);
            before[axis] = backward.op("Sub", others, after[axis]);
        }
        backward.add(data, MovementRules.padded(gradient, before, after, backward));
    }

    /** Gathers rows of a table, such as an embedding. */
    private static void rows(Node node, long[] shape, Backward backward) {
        String updates = backward.op("Reshape", backward.gradient(node), backward.integers(-1, shape[1]));
        String column = backward.op("Reshape", backward.wholes(node.input(1)), backward.integers(-1, 1));
        String indices = backward.op("Expand", column, backward.integers(1, shape[1]));
        String zeros = backward.op("Expand", backward.real(0), backward.integers(shape));
        backward.add(node.input(0), Scatter.onAxis(0, zeros, indices, updates, backward));
    }

    private static void gatherElements(Node node, Backward backward) {
        String data = node.input(0);
        String zeros = backward.op("Expand", backward.real(0), backward.shapeOf(data));
        int axis = backward.axis(data, node.integer("axis", 0));
        String indices = backward.wholes(node.input(1));
        backward.add(data, Scatter.onAxis(axis, zeros, indices, backward.gradient(node), backward));
    }

    private static void gatherNd(Node node, Backward backward) {
        String data = node.input(0);
        String positions = backward.op(
                "GatherND",
                List.of(attribute("batch_dims", node.integer("batch_dims", 0))),
                Scatter.positions(data, backward),
                backward.wholes(node.input(1)));
        Scatter.add(data, positions, backward.gradient(node), backward);
    }
}
