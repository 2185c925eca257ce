package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;
import org.junit.jupiter.api.Test;

class ConvolutionRulesTest {
    private static final String[] AUTOMATIC = {"SAME_UPPER", "SAME_LOWER", "VALID"};

    /** Convolutions are linear in each input, so large differences are as exact as small ones. */
    private static GradientCheck check(int opset, int seed) {
        return GradientCheck.at(opset, seed).inSinglePrecision().within(1, 2e-4);
    }

    /** The parameters of a random convolution. */
    private record Drawn(
            int axes, int groups, int inputs, int outputs, List<AttributeProto> attributes, long[] kernel) {

        static Drawn of(Random random, boolean automatic) {
            int axes = 1 + random.nextInt(3);
            int groups = 1 + random.nextInt(3);
            long[] kernel = draw(random, axes, 1, 3);
            List<AttributeProto> attributes = new ArrayList<>(List.of(
                    attribute("group", groups),
                    attribute("strides", draw(random, axes, 1, 3)),
                    attribute("dilations", draw(random, axes, 1, automatic ? 1 : 2))));
            if (automatic) {
                attributes.add(attribute("auto_pad", AUTOMATIC[random.nextInt(3)]));
            } else {
                attributes.add(attribute("pads", draw(random, 2 * axes, 0, 2)));
            }
            return new Drawn(axes, groups, 1 + random.nextInt(3), 1 + random.nextInt(3), attributes, kernel);
        }

        long[] sizes(Random random) {
            return axes == 3 ? draw(random, axes, 5, 6) : draw(random, axes, 5, 8);
        }

        AttributeProto[] with(AttributeProto... more) {
            List<AttributeProto> all = new ArrayList<>(attributes);
            all.addAll(Arrays.asList(more));
            return all.toArray(AttributeProto[]::new);
        }
    }

    private static long[] draw(Random random, int count, int least, int most) {
        return random.ints(count, least, most + 1).asLongStream().toArray();
    }

    private static long[] shape(long first, long second, long[] last) {
        long[] shape = new long[2 + last.length];
        shape[0] = first;
        shape[1] = second;
        System.arraycopy(last, 0, shape, 2, last.length);
        return shape;
    }

    @Property(tries = 60)
    void shouldPassConvolutionsOfAnyGeometry(
            @ForAll @IntRange(min = 1, max = 100_000) int seed, @ForAll boolean automatic, @ForAll boolean late) {
        Random random = new Random(seed);
        Drawn drawn = Drawn.of(random, automatic);
        long channels = (long) drawn.groups() * drawn.inputs();
        long results = (long) drawn.groups() * drawn.outputs();

        check(late ? 20 : 7, seed)
                .wants("x", shape(2, channels, drawn.sizes(random)))
                .varying("x", 0)
                .wants("w", shape(results, drawn.inputs(), drawn.kernel()))
                .wants("b", results)
                .node("Conv", List.of("x", "w", "b"), List.of("y"), drawn.with())
                .holds();
    }

    @Property(tries = 30)
    void shouldPassConvolutionsOfSizesThatVary(@ForAll @IntRange(min = 1, max = 100_000) int seed) {
        Random random = new Random(seed);
        Drawn drawn = Drawn.of(random, false);
        long channels = (long) drawn.groups() * drawn.inputs();
        long results = (long) drawn.groups() * drawn.outputs();
        int[] all = {0, 2, 3, 4};

        check(13, seed)
                .wants("x", shape(2, channels, drawn.sizes(random)))
                .varying("x", Arrays.copyOf(all, 1 + drawn.axes()))
                .wants("w", shape(results, drawn.inputs(), drawn.kernel()))
                .node("Conv", List.of("x", "w"), List.of("y"), drawn.with())
                .holds();
    }

    /** Few and many weights, with and without stride, to cover every form of the gradient. */
    @Property(tries = 12)
    void shouldPassConvolutionsOfManyChannels(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 2) int stride,
            @ForAll boolean narrow) {
        check(13, seed)
                .wants("x", 2, 16, 5, 5)
                .varying("x", 0)
                .wants("w", narrow ? 2 : 40, 16, 1 + seed % 3, 1 + seed % 3)
                .node("Conv", List.of("x", "w"), List.of("y"), attribute("strides", new long[] {stride, stride}))
                .holds();
    }

    @Property(tries = 60)
    void shouldPassTransposedConvolutions(
            @ForAll @IntRange(min = 1, max = 100_000) int seed, @ForAll @IntRange(max = 3) int padding) {
        Random random = new Random(seed);
        int axes = 1 + random.nextInt(2);
        long groups = 1 + random.nextInt(2);
        long inputs = groups * (1 + random.nextInt(3));
        long outputs = 1 + random.nextInt(3);
        long[] strides = draw(random, axes, 1, 3);
        List<AttributeProto> attributes =
                new ArrayList<>(List.of(attribute("group", groups), attribute("strides", strides)));
        switch (padding) {
            case 0 -> {
                attributes.add(attribute("pads", draw(random, 2 * axes, 0, 1)));
                attributes.add(attribute("dilations", draw(random, axes, 1, 2)));
            }
            case 1 ->
                attributes.add(attribute(
                        "output_padding", Arrays.stream(strides).map(s -> s - 1).toArray()));
            case 2 -> attributes.add(attribute("auto_pad", AUTOMATIC[random.nextInt(3)]));
            default ->
                attributes.add(attribute(
                        "output_shape", Arrays.stream(strides).map(s -> 4 * s).toArray()));
        }

        check(11, seed)
                .wants("x", shape(2, inputs, draw(random, axes, 4, 4)))
                .varying("x", 0)
                .wants("w", shape(inputs, outputs, draw(random, axes, 3, 4)))
                .wants("b", groups * outputs)
                .node("ConvTranspose", List.of("x", "w", "b"), List.of("y"), attributes.toArray(AttributeProto[]::new))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassTransposedConvolutionsOfSizesThatVary(
            @ForAll @IntRange(min = 1, max = 1000) int seed, @ForAll @IntRange(min = 1, max = 3) int stride) {
        check(13, seed)
                .wants("x", 2, 4, 3, 4)
                .varying("x", 0, 2, 3)
                .wants("w", 4, 2, 3, 2)
                .node(
                        "ConvTranspose",
                        List.of("x", "w"),
                        List.of("y"),
                        attribute("group", 2),
                        attribute("strides", new long[] {stride, stride}),
                        attribute("pads", new long[] {1, 0, 0, 1}),
                        attribute("output_padding", new long[] {stride - 1, 0}))
                .holds();
    }

    @Test
    void shouldRefuseAutomaticPaddingOfSizesThatVary() {
        GradientCheck check = check(13, 1)
                .wants("x", 1, 2, 5, 5)
                .varying("x", 2)
                .wants("w", 2, 2, 3, 3)
                .node("Conv", List.of("x", "w"), List.of("y"), attribute("auto_pad", "SAME_UPPER"));

        assertThatThrownBy(check::derive)
                .isInstanceOf(GradientException.class)
                .hasMessageContaining("SAME_UPPER")
                .hasMessageContaining("varies");
    }
}
