package io.headwater.engine.runtime;

import io.headwater.engine.BackboneException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Frees the batch axis of a model that was saved for one row. Whether its nodes allow more is for a run to show: a shape
 * may be written into them.
 */
final class FreeBatch {
    /** A name that no exporter gives. */
    private static final String BATCH = "headwater_batch";

    private FreeBatch() {}

    /**
     * The model with a free first axis of {@code inputs}; empty when none of them is fixed at one row, so that there is
     * nothing to free.
     *
     * @param model an ONNX model
     */
    static Optional<byte[]> of(byte[] model, Set<String> inputs) {
        ModelProto whole;
        try {
            whole = ModelProto.parseFrom(model);
        } catch (IOException e) {
            throw new BackboneException("the model must be an ONNX model, but does not decode as one", e);
        }
        return of(whole.getGraph(), inputs)
                .map(graph -> whole.toBuilder().setGraph(graph).build().toByteArray());
    }

    /** The graph with a free first axis of {@code inputs}; empty when there is nothing to free. */
    static Optional<GraphProto> of(GraphProto graph, Set<String> inputs) {
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
        // What is said of the shapes between no longer holds; ONNX Runtime infers it.
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
