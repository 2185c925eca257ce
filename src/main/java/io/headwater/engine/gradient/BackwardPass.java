package io.headwater.engine.gradient;

import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;

/**
 * The backward pass of a {@link Forward}: a model of its own, at an operator set of its own.
 *
 * @param model reads {@link #saved}, {@link #seed} and nothing else, and computes {@link #gradients}
 * @param seed the input that takes the gradient of the loss by the forward pass's output, of that output's shape
 * @param saved tensors of the forward pass that it reads: inputs of the forward graph, results of its nodes, and results of
 *     {@link #appended}
 * @param appended nodes that the forward graph needs in addition, so that all of {@link #saved} exist
 * @param gradients for each wanted tensor that the output depends on, the model's output with its gradient
 */
public record BackwardPass(
        ModelProto model, String seed, List<String> saved, List<NodeProto> appended, Map<String, String> gradients) {
    public BackwardPass {
        saved = List.copyOf(saved);
        appended = List.copyOf(appended);
        gradients = Map.copyOf(gradients);
    }
}
