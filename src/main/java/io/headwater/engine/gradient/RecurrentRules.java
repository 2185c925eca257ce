package io.headwater.engine.gradient;

import java.util.Map;

/**
 * Recurrent layers, by backpropagation through time (Werbos, "Backpropagation Through Time", 1990). What does not depend on
 * the step before is computed for all steps at once; only the gradients by the states go from step to step.
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
