package io.headwater.engine.family;

import io.headwater.engine.family.FamilyModel.TrainingInput;
import io.headwater.engine.top.ParameterRole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Dense layers, as policies and value networks over a few observations are.
 *
 * @param inputs numbers of an observation, 1 to 4096
 * @param hidden widths of the hidden layers from below, at least one, each 1 to 4096
 * @param outputs such as actions, 2 to 4096
 * @param activation of the hidden layers
 */
public record Perceptron(int inputs, List<Integer> hidden, int outputs, Activation activation) {

    /** What follows a hidden layer. */
    public enum Activation {
        /** The positive part. */
        RELU("Relu"),
        /** The hyperbolic tangent. */
        TANH("Tanh");

        private final String operator;

        Activation(String operator) {
            this.operator = operator;
        }
    }

    public Perceptron {
        hidden = List.copyOf(hidden);
        Sizes.check("inputs", inputs, 1, 4096);
        Sizes.check("hidden layers", hidden.size(), 1, 16);
        hidden.forEach(width -> Sizes.check("hidden", width, 1, 4096));
        Sizes.check("outputs", outputs, 2, 4096);
    }

    /**
     * The network; its features are what the last hidden layer gives, and weights are uniform (Glorot and Bengio 2010).
     *
     * @param family that the manifest names
     * @param input what it calls its input [batch, inputs]
     * @param output what it calls its output [batch, outputs]
     * @param seed of the first weights; not 0
     */
    public FamilyModel model(String family, String input, String output, long seed) {
        FamilyWriter writer = new FamilyWriter(seed);
        TrainingInput read = writer.numbers(input, -1, inputs);
        String state = input;
        int width = inputs;
        List<String> states = new ArrayList<>();
        for (int layer = 0; layer < hidden.size(); layer++) {
            String name = "hidden." + layer;
            int out = hidden.get(layer);
            double limit = Math.sqrt(6.0 / (width + out));
            String weights = writer.uniform(name + ".weight", limit, width, out);
            String bias = writer.constant(name + ".bias", ParameterRole.BIAS, 0, out);
            String sum = writer.node("Gemm", name + "/sum", state, weights, bias);
            state = writer.node(activation.operator, name + "/active", sum);
            states.add(state);
            width = out;
        }
        writer.classifier(state, width, outputs, output);
        List<String> cuts = new ArrayList<>(states.subList(0, states.size() - 1));
        Collections.reverse(cuts);
        return writer.model(family, read, Map.of(output, new long[] {-1, outputs}), state, width, cuts);
    }
}
