package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A two-dimensional convolution. Weights: standard {@code W} [filters, channels, rows, columns]; depthwise {@code W}
 * [rows, columns, channels, multiplier], whose output channel c × multiplier + m reads input channel c; {@code b}
 * [filters]. A separable convolution is represented by a depthwise and a standard one, because the gradient of
 * Deeplearning4j's own layer fails.
 *
 * @param kind how channels are mixed
 * @param filters the number of output channels, positive; channels × multiplier for a depthwise convolution
 * @param multiplier the depth multiplier of a depthwise convolution; 1 otherwise
 * @param bias whether it has {@code b}
 */
public record Convolution(
        Kind kind,
        int filters,
        int multiplier,
        Size kernel,
        Size strides,
        Size dilation,
        Padding padding,
        boolean bias,
        Activation activation)
        implements Operation {
    /** How channels are mixed. */
    @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
    public enum Kind {
        /** Every output reads every channel. */
        STANDARD,
        /** Every output reads one channel. */
        DEPTHWISE
    }

    public Convolution {
        Operation.positive("filters", filters);
        Operation.positive("multiplier", multiplier);
        if (activation.kind() == Activation.Kind.SOFTMAX) {
            throw new GraphException("softmax over the channels of an image is not known here");
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape.Image in = Operation.one(inputs, Shape.Image.class);
        int channels = in.channels();
        if (kind == Kind.DEPTHWISE && filters != (long) channels * multiplier) {
            throw new GraphException("a depthwise convolution of " + channels + " channels times " + multiplier
                    + " cannot have " + filters + " filters");
        }
        return padding.output(in, filters, kernel, strides, dilation);
    }

    @Override
    public Map<String, int[]> weights(List<Shape> inputs) {
        int channels = Operation.one(inputs, Shape.Image.class).channels();
        Map<String, int[]> weights = new TreeMap<>();
        weights.put(
                "W",
                switch (kind) {
                    case STANDARD -> new int[] {filters, channels, kernel.height(), kernel.width()};
                    case DEPTHWISE -> new int[] {kernel.height(), kernel.width(), channels, multiplier};
                });
        if (bias) {
            weights.put("b", new int[] {filters});
        }
        return weights;
    }
}
