package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A convolution of images. TensorForms: standard {@code W} [filters, channels, rows, columns]; depthwise {@code W} [rows,
 * columns, channels, multiplier], whose output c × multiplier + m reads channel c; {@code b} [filters]. A separable one
 * is a depthwise one and a standard one: the gradient of Deeplearning4j's own layer fails.
 *
 * @param kind which
 * @param filters channels that come out, positive; channels × multiplier where it is depthwise
 * @param multiplier of the channels of a depthwise one; 1 otherwise
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
