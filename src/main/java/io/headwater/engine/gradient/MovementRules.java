package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/** Gradients of operators that copy elements: a part of a tensor, several copies of it, or several tensors joined. */
final class MovementRules {
    /** Slice ends from this value on mean the end of the axis; exporters write the largest 32-bit or 64-bit integer. */
    private static final long UNBOUNDED = Integer.MAX_VALUE;

    private MovementRules() {}

    static Map<String, GradientRule> all() {
        Map<String, GradientRule> rules = new HashMap<>();
        rules.put("Expand", (node, backward) -> ArithmeticRules.pass(node, 0, backward.gradient(node), backward));
        rules.put("Concat", MovementRules::concat);
        rules.put("Split", MovementRules::split);
        rules.put("Slice", MovementRules::slice);
        rules.put("Pad", MovementRules::pad);
        rules.put("Tile", MovementRules::tile);
        rules.put("Trilu", MovementRules::triangle);
        return rules;
    }

    private static void concat(Node node, Backward backward) {
        int axis = backward.axis(node.output(), node.integer("axis", 1));
        String[] sizes = new String[node.inputs()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = backward.sizeOf(node.input(i), axis);
        }
        List<String> parts = backward.ops(
                "Split",
                sizes.length,
                List.of(attribute("axis", (long) axis)),
                backward.gradient(node),
                backward.vector(sizes));
        for (int i = 0; i < sizes.length; i++) {
            backward.add(node.input(i), parts.get(i));
        }
    }

    /** Outputs without a gradient contribute zeros. */
    private static void split(Node node, Backward backward) {
        String[] parts = new String[node.proto().getOutputCount()];
        for (int i = 0; i < parts.length; i++) {
            String gradient = backward.gradientOf(node.output(i));
            parts[i] = gradient != null
                    ? gradient
                    : backward.op("Expand", backward.real(0), backward.shapeOf(node.output(i)));
        }
        long axis = backward.axis(node.input(0), node.integer("axis", 0));
        backward.add(node.input(0), backward.op("Concat", List.of(attribute("axis", axis)), parts));
    }

    private static void slice(Node node, Backward backward) {
        String x = node.input(0);
        long[] starts = parameter(node, 1, "starts", backward);
        long[] ends = parameter(node, 2, "ends", backward);
        long[] axes = node.has(3) || node.integers("axes").isPresent()
                ? parameter(node, 3, "axes", backward)
                : LongStream.range(0, starts.length).toArray();
        long[] steps = node.has(4) ? parameter(node, 4, "steps", backward) : new long[0];
        String[] before = zeros(backward.rank(x), backward);
        String[] after = before.clone();
        boolean padded = Arrays.stream(steps).allMatch(step -> step == 1);
        for (int i = 0; i < axes.length && padded; i++) {
            padded = surround(node, backward.axis(x, axes[i]), starts[i], ends[i], before, after, backward);
        }
        if (padded) {
            backward.add(x, padded(backward.gradient(node), before, after, backward));
        } else {
            String[] inputs = steps.length == 0
                    ? new String[] {
                        Scatter.positions(x, backward),
                        backward.integers(starts),
                        backward.integers(ends),
                        backward.integers(axes)
                    }
                    : new String[] {
                        Scatter.positions(x, backward),
                        backward.integers(starts),
                        backward.integers(ends),
                        backward.integers(axes),
                        backward.integers(steps)
                    };
            Scatter.add(x, backward.op("Slice", inputs), backward.gradient(node), backward);
        }
    }

    /**
     * Determines how much was cut off on both sides of an axis; returns false if start, end and the two sizes do not
     * tell.
     */
    private static boolean surround(
            Node node, int axis, long start, long end, String[] before, String[] after, Backward backward) {
        long size = backward.shape(node.input(0))[axis];
        if (size >= 0) {
            long first = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
            long last = Math.min(Math.max(end < 0 ? end + size : end, first), size);
            before[axis] = backward.integers(first);
            after[axis] = backward.integers(size - last);
            return true;
        }
        String cut = backward.op("Sub", backward.sizeOf(node.input(0), axis), backward.sizeOf(node.output(), axis));
        if (start >= 0) {
            before[axis] = backward.integers(start);
            after[axis] = backward.op("Sub", cut, before[axis]);
            return true;
        }
        if (end < 0 || end >= UNBOUNDED) {
            after[axis] = backward.integers(end < 0 ? -end : 0);
            before[axis] = backward.op("Sub", cut, after[axis]);
            return true;
        }
        return false;
    }

    /** {@code value} padded with zeros; the width on each side of each axis is given as a vector with one number. */
    static String padded(String value, String[] before, String[] after, Backward backward) {
        List<String> pads = new ArrayList<>(Arrays.asList(before));
        Collections.addAll(pads, after);
        return backward.op("Pad", value, backward.vector(pads.toArray(String[]::new)));
    }

    static String[] zeros(int rank, Backward backward) {
        String[] zeros = new String[rank];
        Arrays.fill(zeros, backward.integers(0));
        return zeros;
    }

    private static long[] parameter(Node node, int input, String name, Backward backward) {
        if (!node.has(input)) {
            return node.integers(name).orElseThrow(() -> node.refused("needs '" + name + "', but has none"));
        }
        long[] constant = backward.constantIntegers(node.input(input));
        if (constant == null) {
            throw node.refused("computes its '" + name + "'");
        }
        return constant;
    }

    private static void pad(Node node, Backward backward) {
        if (backward.wants(node, 2)) {
            throw node.refused("pads with a value whose gradient is wanted");
        }
        String x = node.input(0);
        long[] pads = pads(node, backward);
        String gradient = backward.gradient(node);
        String mode = node.text("mode", "constant");
        switch (mode) {
            case "constant" -> backward.add(x, unpadded(gradient, pads, backward));
            case "edge", "reflect" -> {
                String positions = backward.op(
                        "Pad",
                        List.of(attribute("mode", mode)),
                        Scatter.positions(x, backward),
                        backward.integers(pads));
                Scatter.add(x, positions, gradient, backward);
            }
            default ->
                throw node.refused("has mode '" + mode + "', but only constant, edge and reflect have a gradient");
        }
    }

    private static String unpadded(String gradient, long[] pads, Backward backward) {
        int rank = pads.length / 2;
        if (Arrays.stream(pads).anyMatch(size -> size < 0)) {
            long[] negative = Arrays.stream(pads).map(size -> -size).toArray();
            return backward.op("Pad", gradient, backward.integers(negative));
        }
        long[] axes = LongStream.range(0, rank)
                .filter(axis -> pads[(int) axis] > 0 || pads[(int) axis + rank] > 0)
                .toArray();
        if (axes.length == 0) {
            return gradient;
        }
        long[] starts = Arrays.stream(axes).map(axis -> pads[(int) axis]).toArray();
        long[] ends = Arrays.stream(axes)
                .map(axis -> pads[(int) axis + rank] == 0 ? UNBOUNDED : -pads[(int) axis + rank])
                .toArray();
        return backward.op(
                "Slice", gradient, backward.integers(starts), backward.integers(ends), backward.integers(axes));
    }

    /** The padding of all axes, also if the node lists only some of them. */
    private static long[] pads(Node node, Backward backward) {
        long[] given = parameter(node, 1, "pads", backward);
        if (!node.has(3)) {
            return given;
        }
        long[] axes = parameter(node, 3, "axes", backward);
        int rank = backward.rank(node.input(0));
        long[] pads = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            int axis = backward.axis(node.input(0), axes[i]);
            pads[axis] = given[i];
            pads[axis + rank] = given[i + axes.length];
        }
        return pads;
    }

    /** The gradient, with each axis split into [repeats, size], is summed over the repeats. */
    private static void tile(Node node, Backward backward) {
        String x = node.input(0);
        long[] repeats = parameter(node, 1, "repeats", backward);
        List<String> sizes = new ArrayList<>();
        List<Long> repeated = new ArrayList<>();
        for (int axis = 0; axis < repeats.length; axis++) {
            if (repeats[axis] != 1) {
                repeated.add((long) sizes.size());
                sizes.add(backward.integers(repeats[axis]));
            }
            sizes.add(backward.sizeOf(x, axis));
        }
        String gradient = backward.gradient(node);
        if (!repeated.isEmpty()) {
            String apart = backward.op("Reshape", gradient, backward.vector(sizes.toArray(String[]::new)));
            gradient = backward.sum(
                    apart, false, repeated.stream().mapToLong(Long::longValue).toArray());
        }
        backward.add(x, gradient);
    }

    /** Elements that the operator sets to zero have a gradient of zero. */
    private static void triangle(Node node, Backward backward) {
        String gradient = backward.gradient(node);
        List<AttributeProto> attributes = List.of(attribute("upper", node.integer("upper", 1)));
        String kept = node.has(1)
                ? backward.op("Trilu", attributes, gradient, backward.wholes(node.input(1)))
                : backward.op("Trilu", attributes, gradient);
        backward.add(node.input(0), kept);
    }
}
