package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;

class ResizingRulesTest {
    private static final String[][] MODES = {
        {"asymmetric", "floor"},
        {"half_pixel", "round_prefer_floor"},
        {"half_pixel", "round_prefer_ceil"},
        {"pytorch_half_pixel", "round_prefer_floor"}
    };

    private static GradientCheck check(int opset, int seed) {
        return GradientCheck.at(opset, seed).inSinglePrecision().within(1, 1e-4);
    }

    private static TensorProto scales(float... factors) {
        TensorProto.Builder scales = TensorProto.newBuilder()
                .setName("scales")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(factors.length);
        for (float factor : factors) {
            scales.addFloatData(factor);
        }
        return scales.build();
    }

    private static TensorProto empty() {
        return scales().toBuilder().setName("roi").build();
    }

    @Property(tries = 40)
    void shouldPassRepetition(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(max = 3) int mode,
            @ForAll @IntRange(min = 1, max = 4) int high,
            @ForAll @IntRange(min = 1, max = 4) int wide,
            @ForAll @IntRange(max = 2) int age) {
        check(new int[] {11, 13, 19}[age], seed)
                .wants("x", 2, 3, 3, 2)
                .varying("x", 0)
                .constant(empty())
                .constant(scales(1, 1, high, wide))
                .node(
                        "Resize",
                        List.of("x", age == 0 ? "roi" : "", "scales"),
                        List.of("y"),
                        attribute("mode", "nearest"),
                        attribute("coordinate_transformation_mode", MODES[mode][0]),
                        attribute("nearest_mode", MODES[mode][1]))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassRepetitionOfOldOperatorSets(
            @ForAll @IntRange(min = 1, max = 1000) int seed, @ForAll @IntRange(min = 1, max = 3) int wide) {
        check(9, seed)
                .wants("x", 2, 3, 3, 2)
                .varying("x", 0)
                .constant(scales(1, 1, 2, wide))
                .node("Upsample", List.of("x", "scales"), List.of("y"))
                .holds();
        check(10, seed)
                .wants("x", 2, 3, 3, 2)
                .varying("x", 0)
                .constant(scales(1, 1, 2, wide))
                .node("Resize", List.of("x", "scales"), List.of("y"))
                .holds();
    }

    @Test
    void shouldRefuseWhatIsNoRepetition() {
        for (float factor : new float[] {1.5f, 0.5f}) {
            GradientCheck check = check(13, 1)
                    .wants("x", 1, 1, 4, 4)
                    .constant(scales(1, 1, factor, 1))
                    .node("Resize", List.of("x", "", "scales"), List.of("y"));

            assertThatThrownBy(check::derive)
                    .isInstanceOf(GradientException.class)
                    .hasMessageContaining("from 4 to");
        }
    }

    /** By a factor of 2.4, two elements become 0, 0, 0 and 1, not 0, 0, 1 and 1. */
    @Test
    void shouldRefuseAFactorThatIsNotTheQuotientOfTheSizes() {
        for (int opset : new int[] {10, 13}) {
            GradientCheck check = check(opset, 1)
                    .wants("x", 1, 1, 2, 2)
                    .constant(scales(1, 1, 2.4f, 2))
                    .node("Resize", opset == 10 ? List.of("x", "scales") : List.of("x", "", "scales"), List.of("y"));

            assertThatThrownBy(check::derive)
                    .isInstanceOf(GradientException.class)
                    .hasMessageContaining("axis 2 from 2 to 4 by 2.4");
        }
    }

    @Test
    void shouldRefuseInterpolation() {
        GradientCheck check = check(13, 1)
                .wants("x", 1, 1, 4, 4)
                .constant(scales(1, 1, 2, 2))
                .node("Resize", List.of("x", "", "scales"), List.of("y"), attribute("mode", "linear"));

        assertThatThrownBy(check::derive).isInstanceOf(GradientException.class).hasMessageContaining("'linear'");
    }

    @Property(tries = 30)
    void shouldPassChannelsTradedForSize(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 3) int block,
            @ForAll @IntRange(max = 2) int kind) {
        long squared = (long) block * block;
        long[] shape = kind == 2 ? new long[] {2, 3, 2L * block, 3L * block} : new long[] {2, 2 * squared, 2, 3};
        GradientCheck check = GradientCheck.at(seed % 2 == 0 ? 11 : 13, seed)
                .wants("x", shape)
                .varying("x", 0);
        List<String> modes = Arrays.asList("DCR", "CRD");

        if (kind == 2) {
            check.node("SpaceToDepth", List.of("x"), List.of("y"), attribute("blocksize", block));
        } else {
            check.node(
                    "DepthToSpace",
                    List.of("x"),
                    List.of("y"),
                    attribute("blocksize", block),
                    attribute("mode", modes.get(kind)));
        }
        check.holds();
    }
}
