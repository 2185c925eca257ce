package io.headwater.engine.inspect;

import io.headwater.engine.onnx.OnnxGraph;
import java.util.Locale;
import java.util.Map;

/** Guesses the architecture family of a model. The result is informational; no other code depends on it. */
record FamilyGuess(OnnxGraph graph, Map<String, InputRole> roles, Map<String, Integer> operators) {

    String family() {
        if (roles.containsValue(InputRole.IDS)) {
            return text();
        }
        if (has("LSTM") || has("GRU") || has("RNN")) {
            return "recurrent";
        }
        if (attends()) {
            return "transformer";
        }
        return has("Conv") ? convolutional() : "mlp";
    }

    /** Whether values are weighted by a softmax, as in attention, and not only classes. */
    private boolean attends() {
        return graph.nodes().stream()
                .filter(node -> node.getOpType().equals("Softmax"))
                .flatMap(node -> graph.consumers(node.getOutput(0)).stream())
                .anyMatch(node -> node.getOpType().equals("MatMul"));
    }

    private String text() {
        if (named("distilbert")) {
            return "distilbert";
        }
        if (roles.containsValue(InputRole.PAST) || named("wpe") || named("gpt")) {
            return "gpt2";
        }
        return named("encoder.layer") || named("bert") || roles.containsValue(InputRole.TYPES) ? "bert" : "transformer";
    }

    private String convolutional() {
        if (named("fire")) {
            return "squeezenet";
        }
        for (String name : new String[] {"resnet", "mobilenet", "inception", "densenet", "vgg", "efficientnet"}) {
            if (named(name)) {
                return name;
            }
        }
        boolean residual = operators.getOrDefault("Add", 0) > 2;
        return roles.containsValue(InputRole.IMAGE) && residual ? "resnet" : "cnn";
    }

    private boolean has(String operator) {
        return operators.containsKey(operator);
    }

    private boolean named(String part) {
        return graph.initializers().stream()
                        .anyMatch(weight ->
                                weight.getName().toLowerCase(Locale.ROOT).contains(part))
                || graph.proto().getName().toLowerCase(Locale.ROOT).contains(part);
    }
}
