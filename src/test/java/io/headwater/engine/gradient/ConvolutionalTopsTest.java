package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.onnx.Tensors;
import java.util.List;
import onnx.Onnx.AttributeProto;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the last blocks of convolutional networks as a whole. Biases keep every sum away from the kinks of
 * activations, so that the output is linear in each weight and large differences are exact.
 */
class ConvolutionalTopsTest {
    private static final AttributeProto[] PADDED = {attribute("pads", new long[] {1, 1, 1, 1})};

    /** Writes blocks of a network; each layer is named after its output tensor. */
    private static final class Blocks {
        private final GradientCheck check;

        Blocks(int seed, long... input) {
            check = GradientCheck.at(13, seed)
                    .inSinglePrecision()
                    .within(0.05, 2e-3)
                    .wants("x", input)
                    .varying("x", 0);
        }

        /** A convolution with bias. */
        void convolution(String input, String result, long[] weights, AttributeProto... attributes) {
            check.wants(result + ".w", x -> 0.05 * x, weights)
                    .wants(result + ".b", x -> Math.copySign(3, x), weights[0])
                    .node("Conv", List.of(input, result + ".w", result + ".b"), List.of(result), attributes);
        }

        /** A convolution without bias, and a batch normalisation with biases of one magnitude. */
        void normalised(String input, String result, double bias, long[] weights, AttributeProto... attributes) {
            String between = result + ".c";
            check.wants(result + ".w", x -> 0.05 * x, weights)
                    .node("Conv", List.of(input, result + ".w"), List.of(between), attributes)
                    .wants(result + ".scale", x -> 1 + 0.1 * x, weights[0])
                    .wants(result + ".bias", x -> Math.copySign(bias, x), weights[0])
                    .constant(result + ".mean", x -> 0.1 * x, weights[0])
                    .constant(result + ".variance", x -> 1 + 0.1 * Math.abs(x), weights[0])
                    .node(
                            "BatchNormalization",
                            List.of(
                                    between,
                                    result + ".scale",
                                    result + ".bias",
                                    result + ".mean",
                                    result + ".variance"),
                            List.of(result));
        }

        String relu(String input) {
            check.node("Relu", List.of(input), List.of(input + "+"));
            return input + "+";
        }

        /** Adds a clip to the range from 0 to 6, as in mobile networks. */
        String bounded(String input) {
            check.node("Clip", List.of(input, "zero", "six"), List.of(input + "+"));
            return input + "+";
        }

        String add(String one, String other) {
            check.node("Add", List.of(one, other), List.of(one + "+" + other));
            return one + "+" + other;
        }

        String concat(String result, String... inputs) {
            check.node("Concat", List.of(inputs), List.of(result), attribute("axis", 1));
            return result;
        }

        /** The mean of each channel, and a fully connected layer. */
        void classified(String input, long channels) {
            check.node("GlobalAveragePool", List.of(input), List.of("pooled"))
                    .node("Flatten", List.of("pooled"), List.of("flat"))
                    .wants("classes.w", 3, channels)
                    .wants("classes.b", 3)
                    .node("Gemm", List.of("flat", "classes.w", "classes.b"), List.of("y"), attribute("transB", 1));
        }
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldDeriveAFireModuleOfSqueezeNet(int seed) {
        Blocks blocks = new Blocks(seed, 2, 6, 5, 5);
        blocks.convolution("x", "squeeze", shape(3, 6, 1, 1));
        String squeezed = blocks.relu("squeeze");
        blocks.convolution(squeezed, "expand1", shape(4, 3, 1, 1));
        blocks.convolution(squeezed, "expand3", shape(4, 3, 3, 3), PADDED);
        String expanded = blocks.concat("expanded", blocks.relu("expand1"), blocks.relu("expand3"));
        blocks.convolution(expanded, "classifier", shape(3, 8, 1, 1));
        blocks.check
                .node("GlobalAveragePool", List.of(blocks.relu("classifier")), List.of("pooled"))
                .node("Flatten", List.of("pooled"), List.of("y"))
                .holds();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldDeriveBottlenecksOfAResidualNetwork(int seed) {
        Blocks blocks = new Blocks(seed, 2, 4, 6, 6);
        AttributeProto stride = attribute("strides", new long[] {2, 2});
        blocks.normalised("x", "a1", 3, shape(3, 4, 1, 1));
        blocks.normalised(blocks.relu("a1"), "a2", 3, shape(3, 3, 3, 3), PADDED[0], stride);
        blocks.normalised(blocks.relu("a2"), "a3", 6, shape(6, 3, 1, 1));
        blocks.normalised("x", "projected", 0, shape(6, 4, 1, 1), stride);
        String first = blocks.relu(blocks.add("a3", "projected"));
        blocks.normalised(first, "b1", 3, shape(3, 6, 1, 1));
        blocks.normalised(blocks.relu("b1"), "b2", 3, shape(3, 3, 3, 3), PADDED);
        blocks.normalised(blocks.relu("b2"), "b3", 3, shape(6, 3, 1, 1));
        blocks.classified(blocks.relu(blocks.add("b3", first)), 6);
        blocks.check.holds();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldDeriveABlockOfInception(int seed) {
        Blocks blocks = new Blocks(seed, 2, 4, 5, 5);
        AttributeProto wide = attribute("pads", new long[] {0, 3, 0, 3});
        AttributeProto high = attribute("pads", new long[] {3, 0, 3, 0});
        blocks.convolution("x", "one", shape(3, 4, 1, 1));
        blocks.convolution("x", "two1", shape(2, 4, 1, 1));
        blocks.convolution(blocks.relu("two1"), "two2", shape(2, 2, 1, 7), wide);
        blocks.convolution(blocks.relu("two2"), "two3", shape(3, 2, 7, 1), high);
        blocks.check.node(
                "AveragePool",
                List.of("x"),
                List.of("averaged"),
                attribute("kernel_shape", new long[] {3, 3}),
                PADDED[0],
                attribute("count_include_pad", 1));
        blocks.convolution("averaged", "three", shape(2, 4, 1, 1));
        String all = blocks.concat("all", blocks.relu("one"), blocks.relu("two3"), blocks.relu("three"));
        blocks.classified(all, 8);
        blocks.check.holds();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldDeriveAnInvertedResidualOfMobileNet(int seed) {
        Blocks blocks = new Blocks(seed, 2, 3, 5, 5);
        blocks.check.constant(Tensors.real("zero", GradientCheck.FLOAT, 0));
        blocks.check.constant(Tensors.real("six", GradientCheck.FLOAT, 6));
        blocks.normalised("x", "expand", 3, shape(6, 3, 1, 1));
        blocks.normalised(
                blocks.bounded("expand"), "depthwise", 3, shape(6, 1, 3, 3), PADDED[0], attribute("group", 6));
        blocks.normalised(blocks.bounded("depthwise"), "project", 3, shape(3, 6, 1, 1));
        blocks.classified(blocks.add("project", "x"), 3);
        blocks.check.holds();
    }
}
