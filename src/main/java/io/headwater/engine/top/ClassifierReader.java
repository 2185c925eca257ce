package io.headwater.engine.top;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.engine.PretrainedClassifier;
import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the linear layer of an ONNX model's classifier from the nodes above its features. A mean over positions and a
 * layer that treats all positions alike commute, so they may come in either order.
 */
public final class ClassifierReader {
    private static final int SOFTMAX_OF_ONE_AXIS = 13;
    private static final Set<Integer> FLOATS =
            Set.of(DataType.FLOAT_VALUE, DataType.FLOAT16_VALUE, DataType.DOUBLE_VALUE, DataType.BFLOAT16_VALUE);

    private final OnnxGraph graph;
    private final ClassifierChain chain;
    private final Features features;
    private final int opset;

    // State of the tensor that has been reached while following the chain.
    private boolean pooled;
    private boolean unit;
    private boolean channelsFirst;
    /** Whether the class axis may be followed by the axes of positions. */
    private boolean mapped;

    private boolean ended;
    private @Nullable ConstantMatrix weights;
    private float[] bias = new float[0];

    private ClassifierReader(ModelProto model, OnnxGraph graph, ClassifierChain chain, Features features) {
        this.graph = graph;
        this.chain = chain;
        this.features = features;
        opset = model.getOpsetImportList().stream()
                .filter(one -> one.getDomain().isEmpty() || one.getDomain().equals("ai.onnx"))
                .mapToInt(one -> Math.toIntExact(one.getVersion()))
                .max()
                .orElse(1);
        pooled = features.pooling() == Pooling.NONE;
        int rank = features.shape().length;
        channelsFirst = (rank == 4 || rank == 0) && features.layout() == ImageLayout.NCHW;
    }

    /**
     * Reads the classifier.
     *
     * @param model the model, whose initializers must hold raw data
     * @param tensor the tensor from which the features are computed
     * @param features how the features are computed; unknown sizes are −1, and the shape is empty if not even the rank
     *     is known
     * @throws TopException if the model's output is not a linear layer of these features, optionally followed by a
     *     softmax
     */
    public static PretrainedClassifier read(ModelProto model, String tensor, Features features) {
        OnnxGraph graph = OnnxGraph.of(model.getGraph());
        ClassifierChain chain = ClassifierChain.of(graph, tensor);
        return new ClassifierReader(model, graph, chain, features).read();
    }

    private PretrainedClassifier read() {
        for (NodeProto node : chain.nodes()) {
            switch (node.getOpType()) {
                case "Identity", "Dropout" -> {}
                case "Cast" -> cast(node);
                case "Flatten", "Reshape", "Squeeze", "Unsqueeze" -> rearrange(node);
                case "Transpose" -> transpose(node);
                case "LpNormalization" -> normalise(node);
                case "Gather" -> pick(node);
                case "MatMul" -> product(node);
                case "Gemm" -> gemm(node);
                case "Conv" -> convolution(node);
                case "Add" -> add(node);
                case "Softmax", "LogSoftmax" -> softmax(node);
                case "AveragePool", "GlobalAveragePool", "ReduceMean" -> average(node);
                default -> throw chain.refused(node, "is between them");
            }
        }
        ConstantMatrix matrix = weights;
        if (matrix == null) {
            throw chain.refused("there is no layer between them");
        }
        if (!pooled) {
            throw chain.refused("the model does not pool its features, or its scores, by " + features.pooling());
        }
        int in = Math.toIntExact(matrix.dims()[0]);
        int out = Math.toIntExact(matrix.dims()[1]);
        return new PretrainedClassifier(
                new Tensor.F32(new int[] {in, out}, matrix.values()), new Tensor.F32(new int[] {out}, bias));
    }

    // Operators around the layer.

    private void cast(NodeProto node) {
        if (!FLOATS.contains((int) Attributes.integer(node, "to", 0))) {
            throw chain.refused(node, "must give floats, but gives type " + Attributes.integer(node, "to", 0));
        }
    }

    private void rearrange(NodeProto node) {
        if (!pooled) {
            throw chain.refused(node, "moves features that are not pooled yet");
        }
        mapped = false;
    }

    private void transpose(NodeProto node) {
        long[] turn = channelsFirst ? new long[] {0, 2, 3, 1} : new long[] {0, 3, 1, 2};
        if (pooled || features.shape().length != 4 || !Arrays.equals(integers(node, "perm"), turn)) {
            throw chain.refused(node, "must turn images from one order of axes to the other, but does not");
        }
        channelsFirst = !channelsFirst;
    }

    private void normalise(NodeProto node) {
        long axis = Attributes.integer(node, "axis", -1);
        if (!features.normalise() || unit || !pooled || weights != null || Attributes.integer(node, "p", 2) != 2) {
            throw chain.refused(node, "scales features, which the manifest's normalise does not say of it");
        }
        if (axis != -1 && axis != 1) {
            throw chain.refused(node, "must scale along axis 1 or -1, but has " + axis);
        }
        unit = true;
    }

    private void softmax(NodeProto node) {
        if (weights == null || !pooled || ended) {
            throw chain.refused(node, "must come once, after layer and pooling, but does not");
        }
        long axis = Attributes.integer(node, "axis", opset < SOFTMAX_OF_ONE_AXIS ? 1 : -1);
        if (axis != 1 && (mapped ? axis != -3 : axis != -1 && axis != 2)) {
            throw chain.refused(node, "must be over the classes, but is over axis " + axis);
        }
        ended = true;
    }

    // Pooling.

    private void pick(NodeProto node) {
        TensorProto index = graph.constant(node.getInput(1));
        long wanted = features.pooling() == Pooling.FIRST ? 0 : -1;
        boolean tokens = features.pooling() == Pooling.FIRST || features.pooling() == Pooling.LAST;
        if (pooled || !tokens || Attributes.integer(node, "axis", 0) != 1) {
            throw chain.refused(node, "must pick the token that the pooling of the manifest does, but does not");
        }
        if (index == null || !Arrays.equals(longs(index), new long[] {wanted})) {
            throw chain.refused(node, "must pick token " + wanted + ", but does not, or not always");
        }
        pooled = true;
    }

    private void average(NodeProto node) {
        if (pooled || features.pooling() != Pooling.MEAN) {
            throw chain.refused(
                    node, "pools features that pooling " + features.pooling() + " of the manifest does not");
        }
        if (!isOverAllPlaces(node)) {
            throw chain.refused(node, "must be a mean over all places, but is not");
        }
        pooled = true;
    }

    private boolean isOverAllPlaces(NodeProto node) {
        int rank = features.shape().length;
        if (node.getOpType().equals("GlobalAveragePool")) {
            return channelsFirst;
        }
        if (node.getOpType().equals("AveragePool")) {
            long[] kernel = integers(node, "kernel_shape");
            int from = features.layout() == ImageLayout.NCHW ? 2 : 1;
            return channelsFirst
                    && kernel.length == 2
                    && kernel[0] == features.shape()[from]
                    && kernel[1] == features.shape()[from + 1]
                    && !Attributes.text(node, "auto_pad", "").startsWith("SAME")
                    && Arrays.stream(integers(node, "pads")).allMatch(pad -> pad == 0);
        }
        long[] axes = integers(node, "axes");
        if (node.getInputCount() > 1) {
            TensorProto given = graph.constant(node.getInput(1));
            axes = given == null ? new long[0] : longs(given);
        }
        long[] counted = Arrays.stream(axes)
                .map(axis -> axis < 0 ? axis + rank : axis)
                .sorted()
                .toArray();
        if (Attributes.integer(node, "keepdims", 1) == 0) {
            mapped = false;
        }
        return rank == 3
                ? Arrays.equals(counted, new long[] {1})
                : rank == 4 && Arrays.equals(counted, channelsFirst ? new long[] {2, 3} : new long[] {1, 2});
    }

    // The layer.

    private void product(NodeProto node) {
        if (!pooled && channelsFirst) {
            throw chain.refused(node, "reads columns of a feature map");
        }
        layer(node, constant(node, 1));
    }

    private void gemm(NodeProto node) {
        if (Attributes.integer(node, "transA", 0) != 0 || !pooled) {
            throw chain.refused(node, "must read a vector a sample, but does not");
        }
        ConstantMatrix matrix = constant(node, 1).times(Attributes.real(node, "alpha", 1));
        layer(node, Attributes.integer(node, "transB", 0) == 0 ? matrix : matrix.transposed());
        if (node.getInputCount() > 2 && !node.getInput(2).isEmpty()) {
            bias(node, constant(node, 2).times(Attributes.real(node, "beta", 1)));
        }
    }

    private void convolution(NodeProto node) {
        ConstantMatrix kernel = constant(node, 1);
        long[] dims = kernel.dims();
        boolean single = dims.length == 4 && dims[2] == 1 && dims[3] == 1 && Attributes.integer(node, "group", 1) == 1;
        boolean everywhere = Arrays.stream(integers(node, "strides")).allMatch(step -> step == 1)
                && Arrays.stream(integers(node, "pads")).allMatch(pad -> pad == 0);
        if (!single || !everywhere || !(channelsFirst || pooled)) {
            throw chain.refused(
                    node,
                    "must be a convolution of 1x1 over all places, without groups, strides and padding, but is not");
        }
        layer(node, new ConstantMatrix(new long[] {dims[0], dims[1]}, kernel.values()).transposed());
        mapped = true;
        if (node.getInputCount() > 2 && !node.getInput(2).isEmpty()) {
            ConstantMatrix vector = constant(node, 2);
            bias(node, new ConstantMatrix(new long[] {vector.values().length, 1, 1}, vector.values()));
        }
    }

    private void layer(NodeProto node, ConstantMatrix matrix) {
        if (weights != null || ended) {
            throw chain.refused(node, "is a second layer");
        }
        if (features.normalise() && !unit) {
            throw chain.refused(
                    node, "reads features as they are, not at length 1 as normalise of the manifest makes them");
        }
        if (matrix.dims().length != 2) {
            throw chain.refused(node, "must have a matrix of rank 2, but has one of rank " + matrix.dims().length);
        }
        weights = matrix;
        bias = new float[Math.toIntExact(matrix.dims()[1])];
    }

    private void add(NodeProto node) {
        boolean first = ConstantMatrix.of(graph, node.getInput(0)).isPresent();
        if (weights == null || ended) {
            throw chain.refused(node, "adds to features or to probabilities, not to scores");
        }
        bias(node, constant(node, first ? 0 : 1));
    }

    /** Adds a bias: a vector with one value per class, or one value for all classes. */
    private void bias(NodeProto node, ConstantMatrix added) {
        long[] dims = added.dims();
        int axis = dims.length - (mapped ? 3 : 1);
        boolean along = axis >= 0
                && dims[axis] == bias.length
                && IntStream.range(0, dims.length).allMatch(one -> one == axis || dims[one] == 1);
        if (!along && added.values().length != 1) {
            throw chain.refused(node, "must add one number a class, but adds " + Arrays.toString(dims));
        }
        for (int i = 0; i < bias.length; i++) {
            bias[i] += added.values()[along ? i : 0];
        }
    }

    private ConstantMatrix constant(NodeProto node, int input) {
        return Optional.of(input)
                .filter(i -> i < node.getInputCount())
                .flatMap(i -> ConstantMatrix.of(graph, node.getInput(i)))
                .orElseThrow(() -> chain.refused(
                        node, "must have weights of floats in the file as its input " + input + ", but has not"));
    }

    private static long[] integers(NodeProto node, String name) {
        return Attributes.integers(node, name).orElse(new long[0]);
    }

    private static long[] longs(TensorProto tensor) {
        long[] values = tensor.getDataType() == DataType.INT64_VALUE ? Tensors.integers(tensor) : null;
        return values == null ? new long[0] : values;
    }
}
