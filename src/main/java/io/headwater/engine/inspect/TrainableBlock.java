package io.headwater.engine.inspect;

import io.headwater.engine.gradient.Differentiation;
import io.headwater.engine.onnx.Block;
import io.headwater.engine.onnx.Cut;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import java.util.Collections;
import java.util.List;
import onnx.Onnx.ModelProto;

/** Tells whether a block of a model can be trained, without running it. */
final class TrainableBlock {
    private TrainableBlock() {}

    /**
     * Returns why {@code block} can never be trained; empty if nothing speaks against it.
     *
     * @param model the complete model
     * @param features the tensor above the block at which a trained top ends
     * @param sampleInputs the inputs that carry the sample
     */
    static String fault(ModelProto model, Block block, String features, List<String> sampleInputs) {
        List<String> cut = block.below().map(Cut::tensors).orElse(List.of());
        if (cut.isEmpty()) {
            return "there is no cut below it";
        }
        Segment segment;
        try {
            segment = Segment.of(model, cut, features, sampleInputs);
        } catch (TopException e) {
            return String.valueOf(e.getMessage());
        }
        if (Collections.disjoint(segment.roles().keySet(), block.weights())) {
            return "its weights are quantised, masks, tables or statistics";
        }
        return Differentiation.obstacle(
                        segment.nodes(), segment.opsets(), segment.roles().keySet())
                .orElse("");
    }
}
