package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;

/**
 * Gradient of ONNX Runtime's fused multi-head self-attention. The forward pass holds only its input and result, so
 * queries, keys, values and attention weights are computed again. They are masked as in ONNX Runtime's CPU provider:
 * with a causal mask later positions are excluded, and mask_filter_value is added at positions that the mask input
 * excludes.
 */
final class AttentionRule {
    private static final int MASK = 3;
    private static final int PAST = 4;
    private static final int BIAS = 5;
    private static final float MASK_FILTER = -10_000;

    private final Node node;
    private final Backward backward;
    private final String x;
    private final String weights;
    private final long width;
    private final long heads;
    private final float scale;

    private AttentionRule(Node node, Backward backward) {
        this.node = node;
        this.backward = backward;
        this.x = node.input(0);
        this.weights = node.input(1);
        this.heads = node.integer("num_heads", 0);
        this.width = backward.shape(weights)[1] / 3;
        float given = node.real("scale", 0);
        this.scale = given == 0 ? (float) (1 / Math.sqrt((double) width / heads)) : given;
    }

    static Map<String, GradientRule> all() {
        return Map.of("com.microsoft:Attention", (node, backward) -> {
            check(node, backward);
            new AttentionRule(node, backward).apply();
        });
    }

    private static void check(Node node, Backward backward) {
        long[] sizes = node.integers("qkv_hidden_sizes").orElse(new long[0]);
        if (Arrays.stream(sizes).distinct().count() > 1) {
            throw node.refused("has queries, keys and values of different sizes " + Arrays.toString(sizes));
        }
        if (node.integer("do_rotary", 0) != 0) {
            throw node.refused("rotates its queries and keys (do_rotary)");
        }
        if (node.integer("past_present_share_buffer", 0) != 0) {
            throw node.refused("shares a buffer between past and present");
        }
        if (node.has(BIAS)) {
            throw node.refused("has an attention bias");
        }
        if (backward.wants(node, PAST)) {
            throw node.refused("has a past whose gradient is wanted");
        }
        if (node.has(MASK) && backward.rank(node.input(MASK)) != 2) {
            throw node.refused(
                    "has a mask of " + backward.rank(node.input(MASK)) + " axes, not of 2 (batch, total length)");
        }
    }

    private void apply() {
        long[] weight = backward.shape(weights);
        String rows = backward.op("Reshape", x, backward.integers(-1, weight[0]));
        List<String> parts = parts(rows);
        String q = parts.get(0);
        String k = joined(parts.get(1), 0);
        String v = joined(parts.get(2), 1);

        String logits = backward.scaled(backward.op("MatMul", q, swapped(k)), scale);
        String attention = backward.op("Softmax", List.of(attribute("axis", -1)), masked(logits));
        String gradient = backward.transpose(
                backward.op("Reshape", backward.gradient(node), sizes(integers(heads), integers(width / heads))),
                0,
                2,
                1,
                3);
        String byAttention = backward.op("MatMul", gradient, swapped(v));
        String sum = backward.sum(backward.op("Mul", byAttention, attention), true, -1);
        String byLogits = backward.scaled(backward.op("Mul", attention, backward.op("Sub", byAttention, sum)), scale);
        String byParts = backward.op(
                "Concat",
                List.of(attribute("axis", 0)),
                unsqueezed(backward.op("MatMul", byLogits, k)),
                unsqueezed(own(backward.op("MatMul", swapped(byLogits), q))),
                unsqueezed(own(backward.op("MatMul", swapped(attention), gradient))));
        pass(
                rows,
                backward.op("Reshape", backward.transpose(byParts, 1, 3, 0, 2, 4), backward.integers(-1, 3 * width)));
    }

    /** Queries, keys and values, each of shape [batch, heads, length, size]. */
    private List<String> parts(String rows) {
        String product =
                node.has(2) ? backward.op("Gemm", rows, weights, node.input(2)) : backward.op("MatMul", rows, weights);
        String apart = backward.op("Reshape", product, sizes(integers(3), integers(heads), integers(width / heads)));
        String stacked = backward.transpose(apart, 2, 0, 3, 1, 4);
        return backward.ops("Split", 3, List.of(attribute("axis", 0)), stacked, backward.integers(1, 1, 1)).stream()
                .map(part -> backward.op("Squeeze", part, integers(0)))
                .toList();
    }

    /** Prepends the keys (0) or values (1) of the past, if there is one. */
    private String joined(String part, long which) {
        if (!node.has(PAST)) {
            return part;
        }
        String past = backward.op("Gather", node.input(PAST), backward.integer(which));
        return backward.op("Concat", List.of(attribute("axis", 2)), past, part);
    }

    /** The part of the gradient that belongs to the node's own keys or values, without the past. */
    private String own(String gradient) {
        if (!node.has(PAST)) {
            return gradient;
        }
        return backward.op("Slice", gradient, pastLength(), integers(Long.MAX_VALUE), integers(2));
    }

    private String masked(String logits) {
        String masked = logits;
        if (node.has(MASK)) {
            String seen = backward.op("Greater", backward.wholes(node.input(MASK)), backward.integer(0));
            String filter = backward.real(node.real("mask_filter_value", MASK_FILTER));
            String mask = backward.op("Where", seen, backward.real(0), filter);
            masked = backward.op("Add", masked, backward.op("Unsqueeze", mask, backward.integers(1, 2)));
        }
        if (node.integer("unidirectional", 0) != 0) {
            masked = backward.op("Where", earlier(), masked, backward.real(-Float.MAX_VALUE));
        }
        return masked;
    }

    /** The causal mask [length, total length]: true where the key position is not after the query position. */
    private String earlier() {
        String length = scalar(backward.sizeOf(x, 1));
        String past = node.has(PAST) ? scalar(pastLength()) : backward.integer(0);
        String total = backward.op("Add", length, past);
        String columns = backward.op("Range", backward.integer(0), total, backward.integer(1));
        String rows = backward.op("Range", past, total, backward.integer(1));
        return backward.op("LessOrEqual", columns, backward.op("Unsqueeze", rows, integers(1)));
    }

    private String pastLength() {
        return backward.sizeOf(node.input(PAST), 3);
    }

    private void pass(String rows, String gradient) {
        List<AttributeProto> left = List.of(attribute("transA", 1));
        List<AttributeProto> right = List.of(attribute("transB", 1));
        if (backward.wants(x)) {
            backward.add(x, backward.reshapedLike(backward.op("Gemm", right, gradient, weights), x));
        }
        if (backward.wants(weights)) {
            backward.add(weights, backward.op("Gemm", left, rows, gradient));
        }
        if (backward.wants(node, 2)) {
            backward.add(node.input(2), backward.sum(gradient, false, 0));
        }
    }

    /** The shape [batch, length, more...] as a vector. */
    private String sizes(String... more) {
        String[] all = new String[2 + more.length];
        all[0] = backward.sizeOf(x, 0);
        all[1] = backward.sizeOf(x, 1);
        System.arraycopy(more, 0, all, 2, more.length);
        return backward.vector(all);
    }

    private String scalar(String vector) {
        return backward.op("Squeeze", vector, integers(0));
    }

    private String unsqueezed(String value) {
        return backward.op("Unsqueeze", value, integers(0));
    }

    private String swapped(String value) {
        return backward.transpose(value, 0, 1, 3, 2);
    }

    private String integers(long number) {
        return backward.integers(number);
    }
}
