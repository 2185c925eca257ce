package io.headwater.engine.onnx;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
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
        return freed(graph, inputs, rows -> rows == 1);
    }

    /**
     * Returns the graph with a dynamic first axis of every input, so that it need not be given as many rows as it was
     * saved for; empty unless one of {@code sample} is fixed at more than one row.
     */
    public static Optional<GraphProto> ofMany(GraphProto graph, Collection<String> sample) {
        Set<Long> rows = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            if (sample.contains(input.getName()) && rows(input.getType()) > 1) {
                rows.add(rows(input.getType()));
            }
        }
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Set<String> all = new HashSet<>();
        graph.getInputList().forEach(input -> all.add(input.getName()));
        graph.getInitializerList().forEach(weight -> all.remove(weight.getName()));
        return freed(graph, all, rows::contains);
    }

    private static Optional<GraphProto> freed(GraphProto graph, Set<String> inputs, LongPredicate fixed) {
        GraphProto.Builder freed = graph.toBuilder();
        boolean any = false;
        for (ValueInfoProto.Builder input : freed.getInputBuilderList()) {
            if (inputs.contains(input.getName()) && fixed.test(rows(input.getType()))) {
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

    /** The fixed size of the first axis; 0 if it is free. */
    private static long rows(TypeProto type) {
        TensorShapeProto shape = type.getTensorType().getShape();
        return shape.getDimCount() == 0 ? 0 : shape.getDim(0).getDimValue();
    }
}
