package io.headwater.engine.gradient;

import java.util.List;
import java.util.Locale;
import onnx.Onnx.TensorProto.DataType;

/** Plain RNN: h = f(sums), where f is tanh or ReLU. */
final class RnnCell implements RecurrentCell {
    private static final String RECTIFIER = "relu";

    @Override
    public int gates() {
        return 1;
    }

    @Override
    public List<List<String>> activations() {
        return List.of(List.of("tanh"), List.of(RECTIFIER));
    }

    @Override
    public void check(Node node) {
        // A plain RNN has no attributes or inputs of its own that need to be refused.
    }

    @Override
    public Passed pass(Recurrence direction) {
        Backward backward = direction.backward();
        String states = direction.states();
        boolean rectified = direction.node().texts("activations").stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(RECTIFIER));
        String slope = rectified
                ? backward.floating(backward.op("Greater", states, backward.real(0)), DataType.BOOL_VALUE)
                : LstmCell.ofTanh(states, backward);
        String before = direction.before();
        String gradient = direction.gradient();
        String ended = direction.ended();
        Recursion steps = direction.backwards();
        String byLater = steps.state(direction.gradientOfLast(1));
        String byHidden = gradient == null ? byLater : steps.op("Add", byLater, steps.each(gradient));
        String bySums = steps.op("Mul", byHidden, steps.each(direction.masked(slope)));
        String byBefore = steps.op("MatMul", bySums, direction.weights(0, 1));
        if (ended != null) {
            byBefore = steps.op("Add", byBefore, steps.op("Mul", byHidden, steps.each(ended)));
        }
        steps.keep(bySums);
        steps.next(byLater, byBefore);
        List<String> results = steps.write();
        String all = results.get(1);
        return new Passed(
                all, all, direction.byProduct(all, direction.size(), before, direction.size()), results.get(0), null);
    }
}
