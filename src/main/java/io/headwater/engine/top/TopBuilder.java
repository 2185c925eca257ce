package io.headwater.engine.top;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.onnx.ValueInfos;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto;

/** Appends pooling and an output layer to a segment and selects the parameters to train. */
public final class TopBuilder {
    private static final String FEATURES = "top/features";
    // Avoids a division by zero for a vector of zeros; negligible in single precision compared with 1.
    static final float TINY = 1e-24f;

    private final Segment segment;
    private final Features features;
    // Only operators that are the same in all operator sets from 7 to 26 are written.
    private final NodeWriter writer = new NodeWriter();
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("top");
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private TopBuilder(Segment segment, Features features) {
        this.segment = segment;
        this.features = features;
    }

    /**
     * Builds the graph to train.
     *
     * @param cutShapes shapes of the segment's cut tensors by name, with -1 for axes of variable size
     * @param boundaries cuts between blocks, from the top down, from which the depths of parameters are derived
     * @param top the configuration that selects the parameters to train
     * @param hidden width of a hidden layer before the output layer, or 0 for none
     * @throws TopException if the top has no parameters that can be trained with this configuration
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
        builder.choose(cutShapes, boundaries, top);
        builder.pool();
        builder.outputLayer(top.dropout() > 0, hidden);
        builder.graph
                .addAllNode(builder.writer.nodes())
                .addAllInitializer(builder.writer.constants().values());
        return new TopGraph(builder.graph.build(), segment.opsets(), builder.parameters, features.width());
    }

    private void inputs(Map<String, long[]> cutShapes) {
        cutShapes.forEach((name, shape) -> graph.addInput(ValueInfos.of(name, shape)));
        graph.addAllInput(segment.sideInputs());
    }

    // Parameters.

    private void choose(Map<String, long[]> cutShapes, List<List<String>> boundaries, TopConfig top) {
        Map<String, Integer> depths = segment.depths(boundaries);
        graph.addAllNode(segment.nodes());
        if (top.parameters() == TopParameters.LORA) {
            graph.clearNode()
                    .addAllNode(
                            new LowRank(segment, depths, top.loraRank(), top.loraAlpha()).rewrite(graph, parameters));
        } else {
            segment.roles().forEach((name, role) -> {
                if (role == ParameterRole.BIAS || top.parameters() == TopParameters.ALL) {
                    TensorProto pretrained = segment.initializers().get(name);
                    if (pretrained != null) {
                        long[] shape = Tensors.dims(pretrained);
                        parameters.put(name, new Parameter(shape, pretrained, depths.getOrDefault(name, 0) + 1, role));
                    }
                }
            });
        }
        parameters.putAll(ScalarMix.parameters(segment));
        if (parameters.isEmpty() && !segment.nodes().isEmpty()) {
            throw new TopException("training.parameters " + top.parameters()
                    + " must find something that learns between " + segment.cut() + " and '" + segment.output()
                    + "', but finds nothing; choose another value or cut");
        }
        if (top.batchNorm() == BatchStatistics.UPDATE) {
            statistics(cutShapes, depths);
        }
        segment.initializers().forEach((name, tensor) -> {
            if (!parameters.containsKey(name)) {
                graph.addInitializer(tensor);
            }
        });
        parameters.forEach((name, parameter) -> graph.addInput(ValueInfos.of(name, parameter.shape())));
    }

    /** Adds the running statistics, which are inputs of the graph like parameters. */
    private void statistics(Map<String, long[]> cutShapes, Map<String, Integer> depths) {
        for (long[] shape : cutShapes.values()) {
            if (shape.length > 1 && shape[1] < 0) {
                throw new TopException(
                        "training.batch-norm update needs rows of one length between the cut and the"
                                + " features, but those at the cut " + segment.cut()
                                + " have one for each token, and the padding of the short ones would be measured too; use keep");
            }
        }
        BatchNormNodes.statistics(segment)
                .forEach((name, tensor) -> parameters.put(
                        name,
                        new Parameter(
                                Tensors.dims(tensor),
                                tensor,
                                depths.getOrDefault(name, 0) + 1,
                                ParameterRole.STATISTIC)));
    }

    // Pooling of the segment's output to one vector per sample.

    private void pool() {
        long width = features.width();
        String pooled = segment.output();
        if (features.hasTokens()) {
            graph.addInput(ValueInfos.of(TopGraph.POSITIONS, new long[] {-1, 1, -1}));
            pooled = writer.node("MatMul", "top/pooled", TopGraph.POSITIONS, pooled);
        } else if (features.pooling() == Pooling.MEAN && features.layout() == ImageLayout.NCHW) {
            pooled = writer.node("GlobalAveragePool", "top/pooled", pooled);
        } else if (features.pooling() == Pooling.MEAN) {
            long places = features.shape()[1] * features.shape()[2];
            String flat = writer.node(
                    "Reshape", "top/places", pooled, writer.integers("top/places/shape", -1, places, width));
            float[] share = new float[(int) places];
            Arrays.fill(share, 1f / places);
            pooled = writer.node("MatMul", "top/pooled", writer.reals("top/share", share, 1, 1, places), flat);
        }
        String vectors = writer.node("Reshape", "top/vectors", pooled, writer.integers("top/vectors/shape", -1, width));
        if (!parameters.containsKey(ScalarMix.SCALE)) {
            scaled(FEATURES, vectors);
            return;
        }
        writer.node("Mul", FEATURES, scaled("top/mixed", vectors), ScalarMix.SCALE);
    }

    /** The vectors, scaled to length 1 if that is configured. */
    private String scaled(String output, String vectors) {
        if (!features.normalise()) {
            return writer.node("Identity", output, vectors);
        }
        long width = features.width();
        float[] ones = new float[(int) width];
        Arrays.fill(ones, 1);
        String squares = writer.node("Mul", "top/squares", vectors, vectors);
        String sum = writer.node("MatMul", "top/sum", squares, writer.reals("top/ones", ones, width, 1));
        String length = writer.node(
                "Sqrt",
                "top/length",
                writer.node("Add", "top/sum/positive", sum, writer.reals("top/tiny", new float[] {TINY})));
        return writer.node("Div", output, vectors, length);
    }

    private void outputLayer(boolean dropout, int hidden) {
        String below = FEATURES;
        long width = features.width();
        if (dropout) {
            graph.addInput(ValueInfos.of(TopGraph.DROPOUT, new long[] {-1, width}));
            below = writer.node("Mul", "top/kept", below, TopGraph.DROPOUT);
        }
        if (hidden > 0) {
            below = layer("hidden", below, TopGraph.HIDDEN_WEIGHTS, TopGraph.HIDDEN_BIAS, width, hidden);
            below = writer.node("Relu", "top/hidden/positive", below);
            width = hidden;
        }
        String logits = layer("output", below, TopGraph.WEIGHTS, TopGraph.BIAS, width, -1);
        writer.node("Identity", TopGraph.LOGITS, logits);
        graph.addOutput(ValueInfos.of(TopGraph.LOGITS, new long[] {-1, -1}));
    }

    private String layer(String name, String below, String weights, String bias, long in, long out) {
        parameter(weights, ParameterRole.WEIGHT, in, out);
        parameter(bias, ParameterRole.BIAS, out);
        return writer.node("Gemm", "top/" + name, below, weights, bias);
    }

    private void parameter(String name, ParameterRole role, long... shape) {
        parameters.put(name, new Parameter(shape, null, 0, role));
        graph.addInput(ValueInfos.of(name, shape));
    }
}
