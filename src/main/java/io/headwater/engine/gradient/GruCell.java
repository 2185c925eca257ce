package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;

/** GRU with the gates z, r and h in this order; h = (1 - z) g + z h', where h' is the previous state. */
final class GruCell implements RecurrentCell {
    private static final int GATES = 3;
    private static final int SIGMOIDS = 2;

    @Override
    public int gates() {
        return GATES;
    }

    @Override
    public List<List<String>> activations() {
        return List.of(List.of("sigmoid", "tanh"));
    }

    @Override
    public void check(Node node) {
        // A GRU has no attributes or inputs of its own that need to be refused.
    }

    @Override
    public Passed pass(Recurrence direction) {
        Backward backward = direction.backward();
        boolean after = direction.node().integer("linear_before_reset", 0) != 0;
        String before = direction.before();
        List<String> inputs = direction.split(direction.fromInput(), GATES);
        List<String> gates = direction.split(direction.fromState(before, 0, SIGMOIDS), SIGMOIDS);
        String z = backward.op("Sigmoid", backward.op("Add", inputs.get(0), gates.get(0)));
        String r = backward.op("Sigmoid", backward.op("Add", inputs.get(1), gates.get(1)));
        String reset = after ? before : backward.op("Mul", r, before);
        String product = direction.fromState(reset, SIGMOIDS, GATES);
        String g = backward.op(
                "Tanh", backward.op("Add", inputs.get(2), after ? backward.op("Mul", r, product) : product));

        String one = backward.real(1);
        String ended = direction.ended();
        String kept = ended == null ? z : backward.op("Add", direction.masked(z), ended);
        String byG = direction.masked(backward.op("Mul", backward.op("Sub", one, z), LstmCell.ofTanh(g, backward)));
        String byZ =
                direction.masked(backward.op("Mul", backward.op("Sub", before, g), LstmCell.ofSigmoid(z, backward)));
        String byR = backward.op("Mul", after ? product : before, LstmCell.ofSigmoid(r, backward));
        return new Slopes(direction, byZ, byR, byG, r, kept).steps(after, before, reset);
    }

    /** Derivatives of the state with respect to the sums before the activations, each [T, B, H]. */
    private record Slopes(Recurrence direction, String byZ, String byR, String byG, String r, String kept) {

        Passed steps(boolean after, String before, String reset) {
            Backward backward = direction.backward();
            String gradient = direction.gradient();
            Recursion steps = direction.backwards();
            String byLater = steps.state(direction.gradientOfLast(1));
            String byHidden = gradient == null ? byLater : steps.op("Add", byLater, steps.each(gradient));
            String z = steps.op("Mul", byHidden, steps.each(byZ));
            String g = steps.op("Mul", byHidden, steps.each(byG));
            String scale = steps.each(r);
            String weights = direction.weights(SIGMOIDS, GATES);
            String byReset = after ? steps.op("Mul", g, scale) : steps.op("MatMul", g, weights);
            String r = steps.op("Mul", after ? g : byReset, steps.each(byR));
            String gates = steps.op("Concat", List.of(attribute("axis", -1)), z, r);
            String through = after ? steps.op("MatMul", byReset, weights) : steps.op("Mul", byReset, scale);
            String byGates = steps.op("MatMul", gates, direction.weights(0, SIGMOIDS));
            String byBefore =
                    steps.op("Add", steps.op("Add", byGates, through), steps.op("Mul", byHidden, steps.each(kept)));
            steps.keep(gates);
            steps.keep(g);
            steps.keep(after ? byReset : g);
            steps.next(byLater, byBefore);
            List<String> results = steps.write();
            String byGatesOfAll = results.get(1);
            String byProduct = results.get(3);
            long size = direction.size();
            String byWeights = backward.vector(
                    direction.byProduct(byGatesOfAll, SIGMOIDS * size, before, size),
                    direction.byProduct(byProduct, size, reset, size));
            return new Passed(
                    joined(byGatesOfAll, results.get(2), backward),
                    joined(byGatesOfAll, byProduct, backward),
                    byWeights,
                    results.get(0),
                    null);
        }

        private static String joined(String gates, String last, Backward backward) {
            return backward.op("Concat", List.of(attribute("axis", -1)), gates, last);
        }
    }
}
