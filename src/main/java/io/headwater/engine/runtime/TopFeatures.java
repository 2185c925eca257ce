package io.headwater.engine.runtime;

import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.device.Compute;
import io.headwater.engine.top.Features;
import io.headwater.engine.top.Segment;
import java.util.List;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.ValueInfoProto;

/** Determines how the output of a top becomes features, and the inputs of the top, before the top is built. */
final class TopFeatures {
    private TopFeatures() {}

    /** Returns how the output of the segment becomes features. */
    static Features of(BaseModelManifest manifest, Segment segment, CutLayout layout) {
        return of(manifest, manifest.pooling(), segment, layout, side(manifest, segment));
    }

    /** Returns how a tensor of {@code model} becomes features, as far as its shape is known without a sample. */
    static Features of(BaseModelManifest manifest, ModelProto model, String tensor) {
        TensorInfo info = TensorInfos.of(model, List.of(tensor)).computed().get(tensor);
        long[] shape = info == null ? new long[0] : info.getShape();
        return new Features(shape, manifest.pooling(), OnnxBackbone.layout(manifest), manifest.normalise());
    }

    /** As {@link #of(BaseModelManifest, Segment, CutLayout)}, with another pooling than that of the manifest. */
    static Features of(BaseModelManifest manifest, Pooling pooling, Segment segment, CutLayout layout, SideFeed side) {
        long[] shape = segment.nodes().isEmpty() ? layout.shapes().get(0) : shape(segment, layout, side);
        return new Features(shape, pooling, OnnxBackbone.layout(manifest), manifest.normalise());
    }

    private static long[] shape(Segment segment, CutLayout layout, SideFeed side) {
        ModelProto model = segment.model(segment.graph(layout.byName()));
        TopBatch batch = new TopBatch(layout, side, Pooling.NONE, 0);
        long[] shape = new TopShapes(batch).of(model, segment.output());
        if (segment.hasFreedRows()) {
            IndependentRows.check(model, segment.output(), batch);
        }
        return shape;
    }

    /** Returns the batches for a top with these features. */
    static TopBatch batch(CutLayout layout, SideFeed side, Features features) {
        if (!features.hasTokens()) {
            return new TopBatch(layout, side, Pooling.NONE, 0);
        }
        int places = layout.hasTokens() ? 0 : Math.toIntExact(features.shape()[1]);
        return new TopBatch(layout, side, features.pooling(), places);
    }

    /** Returns the feed for inputs of the segment other than the tensors of the cut. */
    static SideFeed side(BaseModelManifest manifest, Segment segment) {
        if (segment.sideInputs().isEmpty()) {
            return new SideFeed(null, List.of());
        }
        GraphProto.Builder asked = GraphProto.newBuilder().setName("side");
        asked.addAllInput(segment.sideInputs());
        for (ValueInfoProto input : segment.sideInputs()) {
            asked.addNode(NodeProto.newBuilder()
                    .setOpType("Identity")
                    .addInput(input.getName())
                    .addOutput(input.getName() + "/same"));
            asked.addOutput(ValueInfoProto.newBuilder().setName(input.getName() + "/same"));
        }
        try (TopSession session = TopSession.open(segment.model(asked.build()), Compute.ONE_THREAD)) {
            return Feeds.aside(manifest.input(), session.inputs());
        }
    }
}
