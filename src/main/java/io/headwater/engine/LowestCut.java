package io.headwater.engine;

import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.Cuts;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import java.util.List;
import java.util.Optional;
import onnx.Onnx.ModelProto;

/** Finds where a model can be cut so that a node which no gradient passes stays frozen. */
final class LowestCut {
    private LowestCut() {}

    /**
     * The lowest cut that leaves the node which computes {@code tensor} below, and something to learn above, as the
     * configuration names it; empty when there is none.
     *
     * @param sampleInputs the inputs that carry the sample
     * @param features the tensor where the top ends
     */
    static Optional<String> above(ModelProto model, List<String> sampleInputs, String features, String tensor) {
        List<Cut> cuts = Cuts.of(OnnxGraph.of(model.getGraph()), sampleInputs, List.of(features));
        return cuts.stream()
                .map(Cut::tensors)
                .filter(cut -> cut.stream().noneMatch(name -> name.contains("+")))
                .filter(cut -> isAbove(model, cut, sampleInputs, features, tensor))
                .map(cut -> String.join("+", cut))
                .findFirst();
    }

    private static boolean isAbove(
            ModelProto model, List<String> cut, List<String> sampleInputs, String features, String tensor) {
        try {
            Segment segment = Segment.of(model, cut, features, sampleInputs);
            return !segment.roles().isEmpty()
                    && segment.nodes().stream().noneMatch(node -> node.getOutputList()
                            .contains(tensor));
        } catch (TopException e) {
            return false;
        }
    }
}
