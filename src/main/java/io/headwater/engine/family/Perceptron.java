package io.headwater.engine.family;

import io.headwater.engine.family.FamilyModel.TrainingInput;
import io.headwater.engine.top.ParameterRole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A network of dense layers, such as a policy or value network over a few observations.
 *
 * @param inputs number of values of an observation, 1 to 4096
 * @param hidden widths of the 1 to 16 hidden layers, from the lowest to the highest, each 1 to 4096
 * @param outputs number of outputs, such as actions, 2 to 4096
 * @param activation activation of the hidden layers
 */
public record Perceptron(int inputs, List<Integer> hidden, int outputs, Activation activation) {

    /** The activation of a hidden layer. */
    public enum Activation {
        /** ReLU. */
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
     * Creates the network. Its features are the results of the last hidden layer, and its initial weights are uniformly
     * distributed (Glorot and Bengio 2010).
     *
     * @param family the family that is named in the manifest
     * @param input the name of the input [batch, inputs]
     * @param output the name of the output [batch, outputs]
     * @param seed the seed of the initial weights; not 0
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
