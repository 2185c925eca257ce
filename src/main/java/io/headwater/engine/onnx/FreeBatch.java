package io.headwater.engine.onnx;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Replaces the fixed batch axis of a model that was saved for one row by a dynamic one. A trial run has to show
 * whether the nodes support other batch sizes, since a shape may be hard-coded in them.
 */
public final class FreeBatch {
    /** A name that no exporter gives. */
    private static final String BATCH = "headwater_batch";

    private FreeBatch() {}

    /**
     * Returns the model with a dynamic first axis of {@code inputs}; empty when none of them is fixed at one row.
     *
     * @param model an ONNX model
     */
    public static Optional<byte[]> of(byte[] model, Set<String> inputs) {
        ModelProto whole;
        try {
            whole = ModelProto.parseFrom(model);
        } catch (IOException e) {
            throw new OnnxException("the model must be an ONNX model, but does not decode as one", e);
        }
        return of(whole.getGraph(), inputs)
                .map(graph -> whole.toBuilder().setGraph(graph).build().toByteArray());
    }

    /** Returns the graph with a dynamic first axis of {@code inputs}; empty when none of them is fixed at one row. */
    public static Optional<GraphProto> of(GraphProto graph, Set<String> inputs) {
        GraphProto.Builder freed = graph.toBuilder();
        boolean any = false;
        for (ValueInfoProto.Builder input : freed.getInputBuilderList()) {
            if (inputs.contains(input.getName()) && isOneRow(input.getType())) {
                input.getTypeBuilder()
                        .getTensorTypeBuilder()
                        .getShapeBuilder()
                        .setDim(0, TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
                any = true;
            }
        }
        if (!any) {
            return Optional.empty();
        }
        // The declared shapes of intermediate tensors no longer hold; ONNX Runtime infers them.
        freed.clearValueInfo();
        for (ValueInfoProto.Builder output : freed.getOutputBuilderList()) {
            if (output.getType().hasTensorType()) {
                output.getTypeBuilder().getTensorTypeBuilder().clearShape();
            }
        }
        return Optional.of(freed.build());
    }

    private static boolean isOneRow(TypeProto type) {
        TensorShapeProto shape = type.getTensorType().getShape();
        return shape.getDimCount() > 0 && shape.getDim(0).getDimValue() == 1;
    }
}
