package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gradient of Einsum. The gradient with respect to an operand is another Einsum, whose operands are the gradient and
 * the other operands and whose result has the axes of this operand.
 */
final class EinsumRule {
    private EinsumRule() {}

    static Map<String, GradientRule> all() {
        return Map.of("Einsum", EinsumRule::einsum);
    }

    private static void einsum(Node node, Backward backward) {
        String equation = node.text("equation", "").replace(" ", "");
        if (equation.contains(".")) {
            throw node.refused("has an equation with '...': " + equation);
        }
        String[] sides = equation.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        String result = sides.length == 2 ? sides[1] : implied(sides[0]);
        for (int i = 0; i < terms.length; i++) {
            if (backward.wants(node, i)) {
                List<String> axes = new ArrayList<>(List.of(result));
                List<String> operands = new ArrayList<>(List.of(backward.gradient(node)));
                for (int other = 0; other < terms.length; other++) {
                    if (other != i) {
                        axes.add(terms[other]);
                        operands.add(node.input(other));
                    }
                }
                String known = String.join(",", axes);
                check(node, terms[i], known, equation);
                backward.add(
                        node.input(i),
                        backward.op(
                                "Einsum",
                                List.of(attribute("equation", known + "->" + terms[i])),
                                operands.toArray(String[]::new)));
            }
        }
    }

    private static void check(Node node, String term, String known, String equation) {
        boolean repeated = term.chars().distinct().count() < term.length();
        if (repeated || term.chars().anyMatch(axis -> known.indexOf(axis) < 0)) {
            throw node.refused("takes a diagonal or sums an axis of one operand alone: " + equation);
        }
    }

    /** The axes of the result if the equation does not list them: those that occur once, in alphabetical order. */
    private static String implied(String terms) {
        Map<Integer, Integer> counts = new TreeMap<>();
        terms.chars().filter(axis -> axis != ',').forEach(axis -> counts.merge(axis, 1, Integer::sum));
        StringBuilder once = new StringBuilder();
        counts.forEach((axis, count) -> {
            if (count == 1) {
                once.appendCodePoint(axis);
            }
        });
        return once.toString();
    }
}
