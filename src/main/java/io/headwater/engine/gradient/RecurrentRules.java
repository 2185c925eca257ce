package io.headwater.engine.gradient;

import java.util.Map;

/**
 * Gradients of recurrent layers by backpropagation through time (Werbos, "Backpropagation Through Time", 1990).
 * Everything that does not depend on the previous step is computed for all steps at once; only the gradients with
 * respect to the states are computed step by step.
 */
final class RecurrentRules {
    private RecurrentRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "LSTM", rule(new LstmCell()),
                "GRU", rule(new GruCell()),
                "RNN", rule(new RnnCell()));
    }

    private static GradientRule rule(RecurrentCell cell) {
        return (node, backward) -> Recurrence.apply(node, backward, cell);
    }
}
