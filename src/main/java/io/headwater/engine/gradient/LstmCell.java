package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** LSTM with the gates i, o, f and c in this order; c = f c' + i g and h = o tanh(c), where c' is the previous cell. */
final class LstmCell implements RecurrentCell {
    private static final int GATES = 4;
    private static final int PEEPHOLES = 7;

    @Override
    public int gates() {
        return GATES;
    }

    @Override
    public List<List<String>> activations() {
        return List.of(List.of("sigmoid", "tanh", "tanh"));
    }

    @Override
    public void check(Node node) {
        if (node.has(PEEPHOLES)) {
            throw node.refused("looks at its cells through peepholes (P)");
        }
        if (node.integer("input_forget", 0) != 0) {
            throw node.refused("couples its input and forget gates (input_forget)");
        }
    }

    @Override
    public Passed pass(Recurrence direction) {
        Backward backward = direction.backward();
        String before = direction.before();
        String sums = backward.op("Add", direction.fromInput(), direction.fromState(before, 0, GATES));
        List<String> parts = direction.split(sums, GATES);
        String i = backward.op("Sigmoid", parts.get(0));
        String o = backward.op("Sigmoid", parts.get(1));
        String f = backward.op("Sigmoid", parts.get(2));
        String g = backward.op("Tanh", parts.get(3));
        String ended = direction.ended();
        String kept = ended == null ? f : backward.op("Add", direction.masked(f), ended);

        Recursion onwards = direction.onwards();
        String state = onwards.state(direction.initial(Recurrence.CELL));
        String eachKept = onwards.each(kept);
        String eachNew = onwards.each(direction.masked(backward.op("Mul", i, g)));
        String after = onwards.op("Add", onwards.op("Mul", eachKept, state), eachNew);
        onwards.keep(state);
        onwards.keep(after);
        onwards.next(state, after);
        List<String> cells = onwards.write();
        String earlier = cells.get(1);
        String tanh = backward.op("Tanh", cells.get(2));

        // Derivatives of the cell (for i, f and c) and of the state (for o) with respect to the sums before the
        // activations.
        String slopes = direction.masked(backward.op(
                "Concat",
                List.of(attribute("axis", -1)),
                backward.op("Mul", g, ofSigmoid(i, backward)),
                backward.op("Mul", tanh, ofSigmoid(o, backward)),
                backward.op("Mul", earlier, ofSigmoid(f, backward)),
                backward.op("Mul", i, ofTanh(g, backward))));
        String shown = direction.masked(backward.op("Mul", o, ofTanh(tanh, backward)));
        return steps(direction, slopes, shown, kept, before, ended);
    }

    private static Passed steps(
            Recurrence direction, String slopes, String shown, String kept, String before, @Nullable String ended) {
        Backward backward = direction.backward();
        String gradient = direction.gradient();
        Recursion steps = direction.backwards();
        String byLater = steps.state(direction.gradientOfLast(1));
        String byLaterCell = steps.state(direction.gradientOfLast(2));
        String byHidden = gradient == null ? byLater : steps.op("Add", byLater, steps.each(gradient));
        String byCell = steps.op("Add", byLaterCell, steps.op("Mul", byHidden, steps.each(shown)));
        String spread = steps.op("Concat", List.of(attribute("axis", -1)), byCell, byHidden, byCell, byCell);
        String bySums = steps.op("Mul", spread, steps.each(slopes));
        String byBefore = steps.op("MatMul", bySums, direction.weights(0, GATES));
        if (ended != null) {
            byBefore = steps.op("Add", byBefore, steps.op("Mul", byHidden, steps.each(ended)));
        }
        steps.keep(bySums);
        steps.next(byLater, byBefore);
        steps.next(byLaterCell, steps.op("Mul", byCell, steps.each(kept)));
        List<String> results = steps.write();
        String all = results.get(2);
        String byWeights = direction.byProduct(all, direction.width(), before, direction.size());
        return new Passed(all, all, byWeights, results.get(0), results.get(1));
    }

    /** The derivative of a sigmoid, computed from its result. */
    static String ofSigmoid(String y, Backward backward) {
        return backward.op("Mul", y, backward.op("Sub", backward.real(1), y));
    }

    /** The derivative of a hyperbolic tangent, computed from its result. */
    static String ofTanh(String y, Backward backward) {
        return backward.op("Sub", backward.real(1), backward.op("Mul", y, y));
    }
}
