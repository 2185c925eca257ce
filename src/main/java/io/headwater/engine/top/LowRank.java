package io.headwater.engine.top;

import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * Adds a low-rank update to each matrix product with a weight: x W becomes x W + alpha/rank (x A) B, and only A and B
 * are trained (Hu et al., "LoRA: low-rank adaptation of large language models", 2022).
 */
final class LowRank {
    private static final String PREFIX = "lora/";

    private final Segment segment;
    private final Map<String, Integer> depths;
    private final int rank;
    private final double alpha;

    LowRank(Segment segment, Map<String, Integer> depths, int rank, double alpha) {
        this.segment = segment;
        this.depths = depths;
        this.rank = rank;
        this.alpha = alpha;
    }

    /** The name of the first factor of the update of {@code weight}, [inputs, rank]. */
    static String down(String weight) {
        return PREFIX + weight + "/A";
    }

    static boolean isDown(String parameter) {
        return parameter.startsWith(PREFIX) && parameter.endsWith("/A");
    }

    /** The name of the second factor of the update of {@code weight}, [rank, outputs]. */
    static String up(String weight) {
        return PREFIX + weight + "/B";
    }

    /**
     * Returns the segment's nodes with the low-rank updates inserted; adds the parameters, and a constant to the graph.
     */
    List<NodeProto> rewrite(GraphProto.Builder graph, Map<String, Parameter> parameters) {
        String scale = PREFIX + "scale";
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : segment.nodes()) {
            TensorProto weight = weight(node);
            if (weight == null) {
                nodes.add(node);
                continue;
            }
            long[] shape = Tensors.dims(weight);
            boolean transposed = node.getOpType().equals("Gemm") && Attributes.integer(node, "transB", 0) == 1;
            long in = shape[transposed ? 1 : 0];
            long out = shape[transposed ? 0 : 1];
            String name = weight.getName();
            int depth = depths.getOrDefault(name, 0) + 1;
            parameters.put(down(name), new Parameter(new long[] {in, rank}, null, depth, ParameterRole.WEIGHT));
            parameters.put(up(name), new Parameter(new long[] {rank, out}, null, depth, ParameterRole.WEIGHT));
            String y = node.getOutput(0);
            // The node is renamed too, as exporters often name a node after its output, and that name now belongs to
            // the sum.
            nodes.add(node.toBuilder()
                    .setName(y + "/frozen")
                    .setOutput(0, y + "/frozen")
                    .build());
            nodes.add(op("MatMul", y + "/down", node.getInput(0), down(name)));
            nodes.add(op("MatMul", y + "/up", y + "/down", up(name)));
            nodes.add(op("Mul", y + "/change", y + "/up", scale));
            nodes.add(op("Add", y, y + "/frozen", y + "/change"));
        }
        if (!parameters.isEmpty()) {
            graph.addInitializer(Tensors.floats(scale, new float[] {(float) (alpha / rank)}));
        }
        return nodes;
    }

    /** The weight of a product to which an update can be added; null for any other node. */
    private @Nullable TensorProto weight(NodeProto node) {
        // A Gemm that scales its product is left unchanged, as its update would have to be scaled too.
        boolean product = node.getOpType().equals("MatMul")
                || node.getOpType().equals("Gemm") && Attributes.integer(node, "transA", 0) == 0 && !isScaled(node);
        if (!product || segment.roles().get(node.getInput(1)) != ParameterRole.WEIGHT) {
            return null;
        }
        TensorProto weight = segment.initializers().get(node.getInput(1));
        return weight == null || weight.getDimsCount() != 2 ? null : weight;
    }

    /**
     * Merges the low-rank updates into the weights of a segment, which replace the factors.
     *
     * @param trained trained parameters by name
     */
    static Map<String, TensorProto> merged(Segment segment, Map<String, TensorProto> trained, double scale) {
        Map<String, TensorProto> merged = new HashMap<>(trained);
        merged.keySet().removeIf(name -> name.startsWith(PREFIX));
        for (NodeProto node : segment.nodes()) {
            String weight = node.getInputCount() > 1 ? node.getInput(1) : "";
            TensorProto down = trained.get(down(weight));
            TensorProto up = trained.get(up(weight));
            TensorProto frozen = segment.initializers().get(weight);
            if (down != null && up != null && frozen != null) {
                boolean transposed = node.getOpType().equals("Gemm") && Attributes.integer(node, "transB", 0) == 1;
                merged.put(weight, changed(frozen, Tensors.floats(down), Tensors.floats(up), scale, transposed));
            }
        }
        return merged;
    }

    private static TensorProto changed(TensorProto frozen, float[] down, float[] up, double scale, boolean transposed) {
        long[] shape = Tensors.dims(frozen);
        int in = (int) shape[transposed ? 1 : 0];
        int out = (int) shape[transposed ? 0 : 1];
        int rank = down.length / in;
        float[] values = Tensors.floats(frozen);
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                double change = 0;
                for (int r = 0; r < rank; r++) {
                    change += (double) down[i * rank + r] * up[r * out + o];
                }
                values[transposed ? o * in + i : i * out + o] += (float) (scale * change);
            }
        }
        return Tensors.floats(frozen.getName(), values, shape);
    }

    private static boolean isScaled(NodeProto node) {
        return Attributes.real(node, "alpha", 1) != 1;
    }

    private static NodeProto op(String type, String output, String left, String right) {
        return NodeProto.newBuilder()
                .setOpType(type)
                // Prefixed, because the node that computed this output before is often named after it.
                .setName(PREFIX + output)
                .addInput(left)
                .addInput(right)
                .addOutput(output)
                .build();
    }
}
