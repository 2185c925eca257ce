package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;
import org.junit.jupiter.api.Test;

class PoolingRulesTest {
    private static final String[] AUTOMATIC = {"SAME_UPPER", "SAME_LOWER", "VALID"};

    /** Numbers that differ by at least 0.1, so that small changes do not move any maximum. */
    private static DoubleUnaryOperator apart(int seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, 5000).boxed().toList());
        java.util.Collections.shuffle(order, new Random(seed));
        int[] next = {0};
        return any -> 0.1 * order.get(next[0]++) - 100;
    }

    private static long[] draw(Random random, int count, int least, int most) {
        return random.ints(count, least, most + 1).asLongStream().toArray();
    }

    /** Kernels of 2 or 3 taps, so that padding of 1 is less than a kernel. */
    private static List<AttributeProto> geometry(Random random, int axes, boolean automatic) {
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                attribute("kernel_shape", draw(random, axes, 2, 3)), attribute("strides", draw(random, axes, 1, 3))));
        if (automatic) {
            attributes.add(attribute("auto_pad", AUTOMATIC[random.nextInt(3)]));
        } else if (random.nextInt(4) > 0) {
            attributes.add(attribute("pads", draw(random, 2 * axes, 0, 1)));
        }
        return attributes;
    }

    private static long[] image(Random random, int axes) {
        long[] shape = new long[2 + axes];
        Arrays.fill(shape, 2);
        System.arraycopy(draw(random, axes, 5, 8), 0, shape, 2, axes);
        return shape;
    }

    @Property(tries = 60)
    void shouldPassMaximumPoolingOfAnyGeometry(
            @ForAll @IntRange(min = 1, max = 100_000) int seed,
            @ForAll boolean automatic,
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll @IntRange(max = 2) int age) {
        Random random = new Random(seed);
        List<AttributeProto> attributes = geometry(random, axes, automatic);
        int opset = new int[] {7, 10, 21}[age];
        if (opset >= 10) {
            attributes.add(attribute("dilations", draw(random, axes, 1, automatic ? 1 : 2)));
            attributes.add(attribute("ceil_mode", automatic ? 0 : random.nextInt(2)));
        }

        GradientCheck check = GradientCheck.at(opset, seed)
                .wants("x", apart(seed), image(random, axes))
                .varying("x", 0)
                .node("MaxPool", List.of("x"), List.of("y"), attributes.toArray(AttributeProto[]::new));
        (opset < 8 ? check.inSinglePrecision().within(0.03, 1e-2) : check).holds();
    }

    @Test
    void shouldPassMaximumPoolingOfSizesThatVary() {
        GradientCheck.at(12, 3)
                .wants("x", apart(3), 2, 2, 6, 7)
                .varying("x", 0, 2, 3)
                .node(
                        "MaxPool",
                        List.of("x"),
                        List.of("y"),
                        attribute("kernel_shape", new long[] {3, 3}),
                        attribute("strides", new long[] {2, 2}),
                        attribute("pads", new long[] {1, 0, 1, 0}))
                .holds();
    }

    @Property(tries = 60)
    void shouldPassAveragePoolingOfAnyGeometry(
            @ForAll @IntRange(min = 1, max = 100_000) int seed,
            @ForAll boolean automatic,
            @ForAll boolean paddingCounts,
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll @IntRange(max = 3) int age) {
        Random random = new Random(seed);
        List<AttributeProto> attributes = geometry(random, axes, automatic);
        attributes.add(attribute("count_include_pad", paddingCounts ? 1 : 0));
        int opset = new int[] {7, 10, 13, 19}[age];
        if (opset >= 10) {
            attributes.add(attribute("ceil_mode", automatic ? 0 : random.nextInt(2)));
        }
        if (opset >= 19) {
            attributes.add(attribute("dilations", draw(random, axes, 1, automatic ? 1 : 2)));
        }

        GradientCheck.at(opset, seed)
                .inSinglePrecision()
                .within(1, 2e-4)
                .wants("x", image(random, axes))
                .varying("x", 0)
                .node("AveragePool", List.of("x"), List.of("y"), attributes.toArray(AttributeProto[]::new))
                .holds();
    }

    @Test
    void shouldRefuseAveragePoolingOfSizesThatVary() {
        GradientCheck check = GradientCheck.at(12, 3)
                .inSinglePrecision()
                .wants("x", 2, 2, 6, 7)
                .varying("x", 2)
                .node("AveragePool", List.of("x"), List.of("y"), attribute("kernel_shape", new long[] {3, 3}));

        assertThatThrownBy(check::derive).isInstanceOf(GradientException.class).hasMessageContaining("vary");
    }

    @Property(tries = 20)
    void shouldPassGlobalPooling(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll boolean maximum,
            @ForAll boolean sizesVary) {
        int[] varying = IntStream.concat(IntStream.of(0), IntStream.range(2, sizesVary ? 2 + axes : 2))
                .toArray();

        GradientCheck.at(13, seed)
                .inSinglePrecision()
                .within(0.03, 1e-2)
                .wants("x", maximum ? apart(seed) : x -> x, image(new Random(seed), axes))
                .varying("x", varying)
                .node(maximum ? "GlobalMaxPool" : "GlobalAveragePool", List.of("x"), List.of("y"))
                .holds();
    }
}
