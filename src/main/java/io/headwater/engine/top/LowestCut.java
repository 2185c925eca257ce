package io.headwater.engine.top;

import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.Cuts;
import io.headwater.engine.onnx.OnnxGraph;
import java.util.List;
import onnx.Onnx.ModelProto;

/** Finds cuts above which the top can be trained without the gradient of a given node. */
public final class LowestCut {
    private LowestCut() {}

    /**
     * Returns the cuts above which something can be trained and whose top does not need the gradient of the node that
     * computes {@code tensor}, from the lowest up, in the notation of the configuration.
     *
     * @param sampleInputs the inputs that carry the sample
     * @param features the tensor at which the top ends
     */
    public static List<String> sparing(ModelProto model, List<String> sampleInputs, String features, String tensor) {
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
