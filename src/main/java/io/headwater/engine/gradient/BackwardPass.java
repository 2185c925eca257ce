package io.headwater.engine.gradient;

import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;

/**
 * The backward pass of a {@link Forward}: a separate ONNX model with its own operator set version.
 *
 * @param model the model, whose inputs are {@link #saved} and {@link #seed} and whose outputs are {@link #gradients}
 * @param seed the input for the gradient of the loss with respect to the forward pass's output, with that output's
 *     shape
 * @param saved tensors of the forward pass that the model reads: inputs of the forward graph, results of its nodes, and
 *     results of {@link #appended}
 * @param appended nodes that must be added to the forward graph so that all of {@link #saved} exist
 * @param gradients the name of the model output that holds the gradient, by wanted tensor; tensors that the forward
 *     output does not depend on are absent
 */
public record BackwardPass(
        ModelProto model, String seed, List<String> saved, List<NodeProto> appended, Map<String, String> gradients) {
    public BackwardPass {
        saved = List.copyOf(saved);
        appended = List.copyOf(appended);
        gradients = Map.copyOf(gradients);
    }
}
