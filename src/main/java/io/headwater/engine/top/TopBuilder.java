package io.headwater.engine.top;

import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.TopParameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/** Appends pooling and an output layer to a segment, and decides what of it learns. */
public final class TopBuilder {
    private static final String FEATURES = "top/features";
    // Keeps the length of a vector of zeros from dividing by zero; far below what single precision resolves beside 1.
    static final float TINY = 1e-24f;

    private final Segment segment;
    private final Features features;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("top");
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private TopBuilder(Segment segment, Features features) {
        this.segment = segment;
        this.features = features;
    }

    /**
     * The graph to train.
     *
     * @param cutShapes of the segment's cut tensors by name; -1 for axes that vary
     * @param boundaries cuts between blocks, from the top down, by which depths are counted
     * @param top which of its parameters learn
     * @param hidden width of a hidden layer before the output layer; 0 for none
     * @throws TopException when nothing of the top can learn in that way
     */
    public static TopGraph build(
            Segment segment,
            Map<String, long[]> cutShapes,
            Features features,
            List<List<String>> boundaries,
            TopConfig top,
            int hidden) {
        TopBuilder builder = new TopBuilder(segment, features);
        builder.inputs(cutShapes);
        builder.choose(boundaries, top);
        builder.pool();
        builder.outputLayer(top.dropout() > 0, hidden);
        return new TopGraph(builder.graph.build(), segment.opsets(), builder.parameters, features.width());
    }

    private void inputs(Map<String, long[]> cutShapes) {
        cutShapes.forEach((name, shape) -> graph.addInput(value(name, shape)));
        graph.addAllInput(segment.sideInputs());
    }

    // What learns.

    private void choose(List<List<String>> boundaries, TopConfig top) {
        Map<String, Integer> depths = segment.depths(boundaries);
        graph.addAllNode(segment.nodes());
        if (top.parameters() == TopParameters.LORA) {
            graph.clearNode()
                    .addAllNode(
                            new LowRank(segment, depths, top.loraRank(), top.loraAlpha()).rewrite(graph, parameters));
        } else {
            segment.roles().forEach((name, role) -> {
                if (role == Role.BIAS || top.parameters() == TopParameters.ALL) {
                    TensorProto pretrained = segment.initializers().get(name);
                    if (pretrained != null) {
                        long[] shape = dims(pretrained);
                        parameters.put(name, new Parameter(shape, pretrained, depths.getOrDefault(name, 0) + 1, role));
                    }
                }
            });
        }
        if (parameters.isEmpty() && !segment.nodes().isEmpty()) {
            throw new TopException("training.parameters " + top.parameters()
                    + " must find something that learns between " + segment.cut() + " and '" + segment.output()
                    + "', but finds nothing; choose another value or cut");
        }
        segment.initializers().forEach((name, tensor) -> {
            if (!parameters.containsKey(name)) {
                graph.addInitializer(tensor);
            }
        });
        parameters.forEach((name, parameter) -> graph.addInput(value(name, parameter.shape())));
    }

    static long[] dims(TensorProto tensor) {
        return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    }

    // From the segment's output to one vector a sample.

    private void pool() {
        long width = features.width();
        String pooled = segment.output();
        if (features.hasTokens()) {
            graph.addInput(value(TopGraph.POSITIONS, new long[] {-1, 1, -1}));
            pooled = node("MatMul", "top/pooled", TopGraph.POSITIONS, pooled);
        } else if (features.pooling() == Pooling.MEAN && features.layout() == Layout.NCHW) {
            pooled = node("GlobalAveragePool", "top/pooled", pooled);
        } else if (features.pooling() == Pooling.MEAN) {
            long places = features.shape()[1] * features.shape()[2];
            String flat = node("Reshape", "top/places", pooled, integers("top/places/shape", -1, places, width));
            float[] share = new float[(int) places];
            Arrays.fill(share, 1f / places);
            pooled = node("MatMul", "top/pooled", reals("top/share", share, 1, 1, places), flat);
        }
        String vectors = node("Reshape", "top/vectors", pooled, integers("top/vectors/shape", -1, width));
        if (!features.normalise()) {
            node("Identity", FEATURES, vectors);
            return;
        }
        float[] ones = new float[(int) width];
        Arrays.fill(ones, 1);
        String squares = node("Mul", "top/squares", vectors, vectors);
        String sum = node("MatMul", "top/sum", squares, reals("top/ones", ones, width, 1));
        String length =
                node("Sqrt", "top/length", node("Add", "top/sum/positive", sum, reals("top/tiny", new float[] {TINY})));
        node("Div", FEATURES, vectors, length);
    }

    private void outputLayer(boolean dropout, int hidden) {
        String below = FEATURES;
        long width = features.width();
        if (dropout) {
            graph.addInput(value(TopGraph.DROPOUT, new long[] {-1, width}));
            below = node("Mul", "top/kept", below, TopGraph.DROPOUT);
        }
        if (hidden > 0) {
            below = layer("hidden", below, TopGraph.HIDDEN_WEIGHTS, TopGraph.HIDDEN_BIAS, width, hidden);
            below = node("Relu", "top/hidden/positive", below);
            width = hidden;
        }
        String logits = layer("output", below, TopGraph.WEIGHTS, TopGraph.BIAS, width, -1);
        node("Identity", TopGraph.LOGITS, logits);
        graph.addOutput(value(TopGraph.LOGITS, new long[] {-1, -1}));
    }

    private String layer(String name, String below, String weights, String bias, long in, long out) {
        parameter(weights, Role.WEIGHT, in, out);
        parameter(bias, Role.BIAS, out);
        return node("Gemm", "top/" + name, below, weights, bias);
    }

    private void parameter(String name, Role role, long... shape) {
        parameters.put(name, new Parameter(shape, null, 0, role));
        graph.addInput(value(name, shape));
    }

    // Nodes and constants of operators that are the same in all operator sets from 7 to 21.

    private String node(String type, String output, String... inputs) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(Arrays.asList(inputs))
                .addOutput(output));
        return output;
    }

    private String integers(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64_VALUE)
                .addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        graph.addInitializer(tensor);
        return name;
    }

    private String reals(String name, float[] values, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
        Arrays.stream(shape).forEach(tensor::addDims);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
        return name;
    }

    static ValueInfoProto value(String name, long[] shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < shape.length; axis++) {
            TensorShapeProto.Dimension.Builder dim = dims.addDimBuilder();
            if (shape[axis] >= 0) {
                dim.setDimValue(shape[axis]);
            } else {
                dim.setDimParam(axis == 0 && shape.length > 1 ? "batch" : name + "/" + axis);
            }
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(DataType.FLOAT_VALUE)
                .setShape(dims)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
