package io.headwater.engine.runtime;

import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.Cuts;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import java.util.List;
import onnx.Onnx.ModelProto;

/** Finds where a model can be cut so that no gradient must pass a node. */
final class LowestCut {
    private LowestCut() {}

    /**
     * The cuts above which something can learn, but nothing that lies below the node which computes {@code tensor}; from
     * the lowest up, as the configuration names them.
     *
     * @param sampleInputs the inputs that carry the sample
     * @param features the tensor where the top ends
     */
    static List<String> sparing(ModelProto model, List<String> sampleInputs, String features, String tensor) {
        List<Cut> cuts = Cuts.of(OnnxGraph.of(model.getGraph()), sampleInputs, List.of(features));
        return cuts.stream()
                .map(Cut::tensors)
                .filter(cut -> cut.stream().noneMatch(name -> name.contains("+")))
                .filter(cut -> spares(model, cut, sampleInputs, features, tensor))
                .map(cut -> String.join("+", cut))
                .toList();
    }

    private static boolean spares(
            ModelProto model, List<String> cut, List<String> sampleInputs, String features, String tensor) {
        try {
            Segment segment = Segment.of(model, cut, features, sampleInputs);
            return !segment.roles().isEmpty() && !segment.learnsBelow(tensor);
        } catch (TopException e) {
            return false;
        }
    }
}
