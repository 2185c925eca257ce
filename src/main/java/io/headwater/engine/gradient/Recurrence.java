package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a recurrent node. In shapes, T is the number of steps, B the number of sequences, I the size of the
 * input, H the size of the state and G the number of gates. Steps that sequence_lens excludes pass the state on
 * unchanged.
 */
final class Recurrence {
    private static final int WEIGHTS = 1;
    private static final int RECURRENT = 2;
    private static final int BIASES = 3;
    private static final int LENGTHS = 4;
    static final int HIDDEN = 5;
    static final int CELL = 6;

    private final Node node;
    private final Backward backward;
    private final RecurrentCell cell;
    private final int direction;
    private final boolean reversed;
    private final long size;
    private final String states;
    private final @Nullable String mask;

    private Recurrence(Node node, Backward backward, RecurrentCell cell, int direction, String states) {
        this.node = node;
        this.backward = backward;
        this.cell = cell;
        this.direction = direction;
        this.reversed = direction == 1
                || node.text("direction", "forward").toLowerCase(Locale.ROOT).equals("reverse");
        this.size = backward.shape(node.input(RECURRENT))[2];
        this.states = gather(states, 1);
        this.mask = node.has(LENGTHS) ? writeMask() : null;
    }

    // Gradients of the whole node.

    static void apply(Node node, Backward backward, RecurrentCell cell) {
        check(node, cell);
        long[] recurrent = backward.shape(node.input(RECURRENT));
        String states = states(node, backward);
        List<Recurrence> directions = new ArrayList<>();
        List<RecurrentCell.Passed> passed = new ArrayList<>();
        for (int i = 0; i < recurrent[0]; i++) {
            Recurrence direction = new Recurrence(node, backward, cell, i, states);
            directions.add(direction);
            passed.add(cell.pass(direction));
        }
        for (int i = 0; i < directions.size(); i++) {
            Recurrence direction = directions.get(i);
            String rows = direction.rows(passed.get(i).byInput(), direction.width());
            String product = backward.op("MatMul", rows, direction.gather(node.input(WEIGHTS), 0));
            backward.add(node.input(0), backward.op("Reshape", product, backward.shapeOf(node.input(0))));
        }
        add(node, WEIGHTS, backward, directions, passed, Recurrence::byWeights);
        add(node, RECURRENT, backward, directions, passed, (direction, each) -> each.byWeights());
        add(node, BIASES, backward, directions, passed, Recurrence::byBiases);
        add(node, HIDDEN, backward, directions, passed, (direction, each) -> each.byHidden());
        add(node, CELL, backward, directions, passed, (direction, each) -> each.byCell());
    }

    private static void check(Node node, RecurrentCell cell) {
        if (node.integer("layout", 0) != 0) {
            throw node.refused("has sequences before steps (layout 1), which ONNX Runtime does not compute");
        }
        if (node.real("clip", 0) > 0) {
            throw node.refused("clips what its activations read (clip " + node.real("clip", 0) + ")");
        }
        List<String> activations = node.texts("activations").stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        int each = cell.activations().get(0).size();
        for (int from = 0; from < activations.size(); from += each) {
            List<String> given = activations.subList(from, Math.min(activations.size(), from + each));
            if (!cell.activations().contains(given) || !given.equals(activations.subList(0, each))) {
                throw node.refused(
                        "has the activations " + node.texts("activations") + ", not those that it has by default");
            }
        }
        cell.check(node);
    }

    /** All states, [T, directions, B, H]. A node that outputs only the last states is computed again. */
    private static String states(Node node, Backward backward) {
        String given = node.output();
        if (!given.isEmpty()) {
            return given;
        }
        List<String> inputs = new ArrayList<>(node.proto().getInputList());
        if (node.has(LENGTHS)) {
            String lengths = backward.wholes(node.input(LENGTHS));
            inputs.set(LENGTHS, backward.op("Cast", List.of(attribute("to", (long) DataType.INT32_VALUE)), lengths));
        }
        return backward.op(node.type(), node.proto().getAttributeList(), inputs.toArray(String[]::new));
    }

    @FunctionalInterface
    private interface Part {
        @Nullable
        String of(Recurrence direction, RecurrentCell.Passed passed);
    }

    /** Adds the gradient with respect to an input whose first axis is the direction. */
    private static void add(
            Node node,
            int input,
            Backward backward,
            List<Recurrence> directions,
            List<RecurrentCell.Passed> passed,
            Part part) {
        if (!backward.wants(node, input)) {
            return;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            String each = part.of(directions.get(i), passed.get(i));
            if (each != null) {
                parts.add(backward.op("Unsqueeze", each, backward.integers(0)));
            }
        }
        backward.add(
                node.input(input), backward.op("Concat", List.of(attribute("axis", 0)), parts.toArray(String[]::new)));
    }

    private String byWeights(RecurrentCell.Passed passed) {
        return byProduct(passed.byInput(), width(), node.input(0), backward.shape(node.input(WEIGHTS))[2]);
    }

    private String byBiases(RecurrentCell.Passed passed) {
        return backward.vector(
                backward.sum(passed.byInput(), false, 0, 1), backward.sum(passed.byRecurrent(), false, 0, 1));
    }

    // Queries for cells.

    Node node() {
        return node;
    }

    Backward backward() {
        return backward;
    }

    /** The size of the state, H. */
    long size() {
        return size;
    }

    /** The size of all gates together, G H. */
    long width() {
        return cell.gates() * size;
    }

    /** The product of the input and its weights plus their bias, [T, B, G H]. */
    String fromInput() {
        long inputs = backward.shape(node.input(WEIGHTS))[2];
        String rows = rows(node.input(0), inputs);
        return sequence(gemm(rows, gather(node.input(WEIGHTS), 0), bias(0)), width());
    }

    /**
     * The product of {@code state} and the recurrent weights of some gates plus their bias.
     *
     * @param state [T, B, H]
     * @param from the first gate
     * @param to the gate after the last
     */
    String fromState(String state, int from, int to) {
        String bias = bias(1);
        return sequence(
                gemm(rows(state, size), weights(from, to), bias == null ? null : part(bias, from, to)),
                (to - from) * size);
    }

    /** The recurrent weights of some gates, [gates H, H]. */
    String weights(int from, int to) {
        return part(gather(node.input(RECURRENT), 0), from, to);
    }

    private String part(String value, int from, int to) {
        return from == 0 && to == cell.gates()
                ? value
                : backward.op(
                        "Slice",
                        value,
                        backward.integers(from * size),
                        backward.integers(to * size),
                        backward.integers(0));
    }

    /** Splits [T, B, parts H] into parts of [T, B, H] each. */
    List<String> split(String value, int parts) {
        long[] sizes = new long[parts];
        Arrays.fill(sizes, size);
        return parts == 1
                ? List.of(value)
                : backward.ops("Split", parts, List.of(attribute("axis", -1)), value, backward.integers(sizes));
    }

    /** The gradient with respect to a matrix [width, inputs] by which the rows of {@code input} were multiplied. */
    String byProduct(String gradient, long width, String input, long inputs) {
        return backward.op("Gemm", List.of(attribute("transA", 1)), rows(gradient, width), rows(input, inputs));
    }

    /** The state after each step, [T, B, H]; zero where a sequence has ended. */
    String states() {
        return states;
    }

    /** The state before each step, [T, B, H]. */
    String before() {
        String initial = backward.op("Unsqueeze", initial(HIDDEN), backward.integers(0));
        String shifted = shifted(states, initial);
        if (mask == null || !reversed || !node.has(HIDDEN)) {
            return shifted;
        }
        // A sequence that is read backwards starts at its last step; the state before that step is the initial state.
        String none = backward.op(
                "Expand", backward.real(0), backward.vector(backward.integers(1), batch(), backward.integers(1)));
        String later = backward.op("Greater", shifted(mask, none), backward.real(0));
        return backward.op("Where", later, shifted, initial);
    }

    /** {@code sequence} shifted by one step in the order of this direction, starting with {@code first}. */
    private String shifted(String sequence, String first) {
        String start = reversed ? backward.integers(1) : backward.integers(0);
        String end = reversed ? backward.integers(Long.MAX_VALUE) : backward.integers(-1);
        String some = backward.op("Slice", sequence, start, end, backward.integers(0));
        List<String> parts = reversed ? List.of(some, first) : List.of(first, some);
        return backward.op("Concat", List.of(attribute("axis", 0)), parts.toArray(String[]::new));
    }

    /** An initial state, [B, H]; zero if it is not given. */
    String initial(int input) {
        return node.has(input) ? gather(node.input(input), 0) : zeros();
    }

    /** 1 where a sequence has a step and 0 where it has ended, [T, B, 1]; null if no sequence lengths are given. */
    @Nullable
    String mask() {
        return mask;
    }

    /** {@code value}, [T, B, any], set to zero after the end of each sequence. */
    String masked(String value) {
        return mask == null ? value : backward.op("Mul", value, mask);
    }

    /** 1 where a sequence has ended and 0 elsewhere, [T, B, 1]; null if no sequence lengths are given. */
    @Nullable
    String ended() {
        return mask == null ? null : backward.op("Sub", backward.real(1), mask);
    }

    /** The gradient with respect to the output with the states after each step, [T, B, H]; null if it is zero. */
    @Nullable
    String gradient() {
        String gradient = node.output().isEmpty() ? null : backward.gradientOf(node.output());
        return gradient == null ? null : masked(gather(gradient, 1));
    }

    /** The gradient with respect to the last states in output 1 or 2, [B, H]. */
    String gradientOfLast(int output) {
        boolean listed =
                output < node.proto().getOutputCount() && !node.output(output).isEmpty();
        String gradient = listed ? backward.gradientOf(node.output(output)) : null;
        return gradient == null ? zeros() : gather(gradient, 0);
    }

    /** A scan over the steps in the order of this direction. */
    Recursion onwards() {
        return new Recursion(backward, reversed);
    }

    /** A scan over the steps in the reverse order of this direction. */
    Recursion backwards() {
        return new Recursion(backward, !reversed);
    }

    // Helpers.

    private @Nullable String bias(int half) {
        if (!node.has(BIASES)) {
            return null;
        }
        return backward.op(
                "Slice",
                gather(node.input(BIASES), 0),
                backward.integers(half * width()),
                backward.integers((half + 1) * width()),
                backward.integers(0));
    }

    private String gemm(String rows, String weights, @Nullable String bias) {
        String[] inputs = bias == null ? new String[] {rows, weights} : new String[] {rows, weights, bias};
        return backward.op("Gemm", List.of(attribute("transB", 1)), inputs);
    }

    private String gather(String value, int axis) {
        return backward.op("Gather", List.of(attribute("axis", axis)), value, backward.integer(direction));
    }

    private String rows(String value, long width) {
        return backward.op("Reshape", value, backward.integers(-1, width));
    }

    private String sequence(String rows, long width) {
        return backward.op(
                "Reshape", rows, backward.vector(backward.sizeOf(node.input(0), 0), batch(), backward.integers(width)));
    }

    private String zeros() {
        return backward.op("Expand", backward.real(0), backward.vector(batch(), backward.integers(size)));
    }

    private String batch() {
        return backward.sizeOf(node.input(0), 1);
    }

    private String writeMask() {
        String length = backward.op("Squeeze", backward.sizeOf(node.input(0), 0), backward.integers(0));
        String steps = backward.op("Range", backward.integer(0), length, backward.integer(1));
        String lengths = backward.op("Unsqueeze", backward.wholes(node.input(LENGTHS)), backward.integers(0));
        String within = backward.op("Less", backward.op("Unsqueeze", steps, backward.integers(1)), lengths);
        String numbers = backward.floating(within, DataType.BOOL_VALUE);
        return backward.op("Unsqueeze", numbers, backward.integers(2));
    }
}
