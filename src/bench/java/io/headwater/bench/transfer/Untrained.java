package io.headwater.bench.transfer;

import ai.onnxruntime.platform.Fp16Conversions;
import io.headwater.engine.onnx.OnnxModelFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Replaces the weights of an ONNX model with random initial ones. Weights are drawn from a normal distribution: for
 * convolutions as in He et al. 2015 ("Delving deep into rectifiers"), for embeddings with a standard deviation of
 * 0.05, for all others with a variance of 1 / fan-in. Biases become 0, scales of normalisations 1. Single numbers,
 * such as a slope or an epsilon, are part of the architecture and are kept.
 */
final class Untrained {
    private static final int FLOAT = 1;
    private static final int HALF = 10;
    private static final double EMBEDDING_DEVIATION = 0.05;
    /** Operators that may change the shape of a weight before it is used. */
    private static final Set<String> FORMS =
            Set.of("Transpose", "Reshape", "Cast", "Identity", "Unsqueeze", "Squeeze", "Slice", "Concat");

    private final GraphProto graph;
    private final Map<String, Kind> kinds = new HashMap<>();
    private final Random random;

    private Untrained(GraphProto graph, long seed) {
        this.graph = graph;
        this.random = new Random(seed);
    }

    private enum Kind {
        CONVOLUTION,
        /** [in, out]. */
        MATRIX,
        /** [out, in]. */
        TURNED_MATRIX,
        RECURRENT,
        EMBEDDING,
        ZEROS,
        ONES
    }

    /**
     * Redraws the weights of a model.
     *
     * @param model an ONNX file that contains all its weights
     * @throws IllegalArgumentException if a tensor with several values is used by an unsupported operator, such as
     *     those of quantised models
     */
    static byte[] of(byte[] model, long seed) {
        ModelProto trained = OnnxModelFile.parse(model);
        GraphProto graph = trained.getGraph();
        return trained.toBuilder()
                .setGraph(new Untrained(graph, seed).redrawn())
                .build()
                .toByteArray();
    }

    private GraphProto redrawn() {
        // From the outputs to the inputs, so that the consumers of a reshaped weight are known before it is visited.
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            read(graph.getNode(i));
        }
        GraphProto.Builder builder = graph.toBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            builder.setInitializer(i, redrawn(graph.getInitializer(i)));
        }
        return builder.build();
    }

    private void read(NodeProto node) {
        String type = node.getOpType();
        for (int i = 0; i < node.getInputCount(); i++) {
            Kind kind = FORMS.contains(type) ? form(node) : kind(node, type, i);
            if (kind != null) {
                kinds.putIfAbsent(node.getInput(i), kind);
            }
        }
    }

    private @Nullable Kind form(NodeProto node) {
        Kind kind = kinds.get(node.getOutput(0));
        if (node.getOpType().equals("Transpose") && kind == Kind.MATRIX) {
            return Kind.TURNED_MATRIX;
        }
        return node.getOpType().equals("Transpose") && kind == Kind.TURNED_MATRIX ? Kind.MATRIX : kind;
    }

    private static @Nullable Kind kind(NodeProto node, String type, int input) {
        return switch (type) {
            case "Conv" -> input == 1 ? Kind.CONVOLUTION : input == 2 ? Kind.ZEROS : null;
            case "Gemm" ->
                input == 1 ? (turned(node) ? Kind.TURNED_MATRIX : Kind.MATRIX) : input == 2 ? Kind.ZEROS : null;
            case "MatMul" -> Kind.MATRIX;
            case "Gather" -> input == 0 ? Kind.EMBEDDING : null;
            case "LSTM", "GRU", "RNN" -> input == 1 || input == 2 ? Kind.RECURRENT : input == 3 ? Kind.ZEROS : null;
            case "BatchNormalization" ->
                List.of(Kind.ONES, Kind.ONES, Kind.ZEROS, Kind.ZEROS, Kind.ONES).get(input);
            case "LayerNormalization", "InstanceNormalization", "GroupNormalization" ->
                input == 1 ? Kind.ONES : input == 2 ? Kind.ZEROS : null;
            case "Mul" -> Kind.ONES;
            case "Add" -> Kind.ZEROS;
            default -> null;
        };
    }

    private static boolean turned(NodeProto node) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("transB"))
                .mapToLong(AttributeProto::getI)
                .anyMatch(value -> value == 1);
    }

    private TensorProto redrawn(TensorProto tensor) {
        long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        boolean whole = tensor.getDataType() != FLOAT && tensor.getDataType() != HALF;
        if (whole && isWhole(tensor, count)) {
            throw new IllegalArgumentException("weights to redraw must be floats, but '" + tensor.getName()
                    + "' is of type " + tensor.getDataType() + "; use a model that is not quantised");
        }
        if (whole || count <= 1) {
            return tensor;
        }
        Kind kind = kinds.get(tensor.getName());
        if (kind == null) {
            throw new IllegalArgumentException("who reads the weights '" + tensor.getName() + "' of shape "
                    + Arrays.toString(shape) + " must be a known operator, but is none; add it here");
        }
        return tensor.toBuilder()
                .clearFloatData()
                .clearInt32Data()
                .setRawData(bytes(values(kind, shape, count), tensor.getDataType() == HALF))
                .build();
    }

    /** Returns whether a tensor of another type than float is nevertheless a weight. */
    private boolean isWhole(TensorProto tensor, int count) {
        Kind kind = kinds.get(tensor.getName());
        boolean multiplied = kind == Kind.CONVOLUTION || kind == Kind.MATRIX || kind == Kind.TURNED_MATRIX;
        return multiplied && count > 1;
    }

    private double[] values(Kind kind, long[] shape, int count) {
        double[] values = new double[count];
        if (kind == Kind.ZEROS || kind == Kind.ONES) {
            Arrays.fill(values, kind == Kind.ONES ? 1 : 0);
            return values;
        }
        int last = shape.length - 1;
        double deviation = switch (kind) {
            case CONVOLUTION -> Math.sqrt(2.0 * shape[0] / count);
            case MATRIX -> Math.sqrt(1.0 / shape[Math.max(0, last - 1)]);
            case TURNED_MATRIX, RECURRENT -> Math.sqrt(1.0 / shape[last]);
            default -> EMBEDDING_DEVIATION;
        };
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian() * deviation;
        }
        return values;
    }

    private static ByteString bytes(double[] values, boolean half) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * (half ? Short.BYTES : Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            if (half) {
                bytes.putShort(Fp16Conversions.floatToFp16((float) value));
            } else {
                bytes.putFloat((float) value);
            }
        }
        return ByteString.copyFrom(bytes.array());
    }
}
