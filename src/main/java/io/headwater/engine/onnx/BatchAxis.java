package io.headwater.engine.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * Finds the axis of each tensor that holds the samples of a batch. Recurrent layers and some transformers put the steps
 * first; such a tensor cannot be cut by samples. If a node does not determine the axis, it is assumed to be the first.
 */
final class BatchAxis {
    /** Operators that keep the order of axes. */
    private static final Set<String> KEEPING = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Sum",
            "Where",
            "Identity",
            "Cast",
            "Dropout",
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Gelu",
            "Tanh",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Softplus",
            "Erf",
            "Sqrt",
            "Exp",
            "Log",
            "Neg",
            "Abs",
            "Clip",
            "MatMul",
            "Softmax",
            "LogSoftmax",
            "LayerNormalization",
            "Concat",
            "Slice",
            "Split");

    private static final Set<String> RECURRENT = Set.of("LSTM", "GRU", "RNN");

    private final OnnxGraph graph;
    private final Map<String, Integer> axes = new HashMap<>();

    private BatchAxis(OnnxGraph graph) {
        this.graph = graph;
    }

    /** The batch axes of all tensors that depend on the sample. */
    static BatchAxis of(OnnxGraph graph, SamplePath sample) {
        BatchAxis found = new BatchAxis(graph);
        for (int node : sample.way()) {
            found.pass(graph.nodes().get(node), sample);
        }
        return found;
    }

    /** Whether the first axis of {@code tensor} is the batch, as far as is known. */
    boolean isFirst(String tensor) {
        return axes.getOrDefault(tensor, 0) == 0;
    }

    private void pass(NodeProto node, SamplePath sample) {
        String read =
                node.getInputList().stream().filter(sample::carries).findFirst().orElse("");
        int axis = axes.getOrDefault(read, 0);
        String type = node.getOpType();
        if (RECURRENT.contains(type)) {
            // All states are [steps, directions, batch, size], and the last states [directions, batch, size].
            for (int i = 0; i < node.getOutputCount(); i++) {
                axes.put(node.getOutput(i), i == 0 ? 2 : 1);
            }
            return;
        }
        int after = switch (type) {
            case "Transpose" -> transposed(node, axis);
            case "Squeeze" -> squeezed(node, axis);
            case "Unsqueeze" -> unsqueezed(node, axis);
            default -> KEEPING.contains(type) ? axis : 0;
        };
        node.getOutputList().forEach(output -> axes.put(output, after));
    }

    private static int transposed(NodeProto node, int axis) {
        long[] permutation = integers(node, "perm");
        return Math.max(0, LongStream.of(permutation).boxed().toList().indexOf((long) axis));
    }

    private int squeezed(NodeProto node, int axis) {
        long[] gone = axes(node);
        boolean open = gone.length == 0 || Arrays.stream(gone).anyMatch(each -> each < 0 || each == axis);
        return open
                ? 0
                : (int) (axis - Arrays.stream(gone).filter(each -> each < axis).count());
    }

    private int unsqueezed(NodeProto node, int axis) {
        long[] added = axes(node);
        if (added.length == 0 || Arrays.stream(added).anyMatch(each -> each < 0)) {
            return 0;
        }
        int place = axis;
        for (long each : LongStream.of(added).sorted().toArray()) {
            place += each <= place ? 1 : 0;
        }
        return place;
    }

    /** The axes of a node, which are an attribute in older operator sets and an input in newer ones. */
    private long[] axes(NodeProto node) {
        @Nullable TensorProto constant = node.getInputCount() > 1 ? graph.constant(node.getInput(1)) : null;
        if (constant == null) {
            return integers(node, "axes");
        }
        long[] values = Tensors.integers(constant);
        return values == null ? new long[0] : values;
    }

    private static long[] integers(NodeProto node, String name) {
        return Attributes.integers(node, name).orElse(new long[0]);
    }
}
