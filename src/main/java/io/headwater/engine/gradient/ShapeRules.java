package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gradients of operators that keep every element and change at most the shape, the order or the type. */
final class ShapeRules {
    private ShapeRules() {}

    static Map<String, GradientRule> all() {
        Map<String, GradientRule> rules = new HashMap<>();
        for (String type : List.of("Reshape", "Unsqueeze", "Squeeze", "Flatten")) {
            rules.put(type, ShapeRules::reshape);
        }
        rules.put("Transpose", ShapeRules::transpose);
        rules.put("Identity", ShapeRules::identity);
        rules.put("Dropout", ShapeRules::dropout);
        rules.put("Cast", ShapeRules::cast);
        return rules;
    }

    private static void reshape(Node node, Backward backward) {
        backward.add(node.input(0), backward.reshapedLike(backward.gradient(node), node.input(0)));
    }

    private static void identity(Node node, Backward backward) {
        backward.add(node.input(0), backward.gradient(node));
    }

    /** In inference mode, Dropout changes nothing; models are read so that only a computed mode is left. */
    private static void dropout(Node node, Backward backward) {
        if (node.has(2)) {
            throw node.refused("may be in training mode");
        }
        identity(node, backward);
    }

    private static void transpose(Node node, Backward backward) {
        int rank = backward.rank(node.input(0));
        long[] permutation = node.integers("perm")
                .orElseGet(() -> IntStream.range(0, rank)
                        .mapToLong(axis -> rank - 1 - axis)
                        .toArray());
        long[] inverse = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            inverse[(int) permutation[axis]] = axis;
        }
        backward.add(node.input(0), backward.transpose(backward.gradient(node), inverse));
    }

    /** Casts between floating-point types; casts to other types pass no gradient. */
    private static void cast(Node node, Backward backward) {
        int from = backward.type(node.input(0));
        String gradient = backward.gradient(node);
        boolean same = from == node.integer("to", from);
        backward.add(
                node.input(0), same ? gradient : backward.op("Cast", List.of(attribute("to", (long) from)), gradient));
    }
}
