package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NormalisationRulesTest {

    /** The shape [3, channels] with up to three more axes. */
    private static long[] image(int axes, long channels) {
        return LongStream.concat(
                        LongStream.of(3, channels), LongStream.of(4, 3, 2).limit(axes))
                .toArray();
    }

    @Property(tries = 40)
    void shouldPassBatchNormalisationByGivenStatistics(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(max = 3) int axes,
            @ForAll @IntRange(max = 3) int age) {
        GradientCheck.at(new int[] {7, 9, 14, 15}[age], seed)
                .wants("x", image(axes, 4))
                .varying("x", 0)
                .wants("scale", 4)
                .wants("bias", 4)
                .constant("mean", 4)
                .constant("variance", x -> 0.1 + x * x, 4)
                .node(
                        "BatchNormalization",
                        List.of("x", "scale", "bias", "mean", "variance"),
                        List.of("y"),
                        attribute("epsilon", 1e-3f))
                .holds();
    }

    @Property(tries = 20)
    void shouldPassInstanceNormalisation(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll boolean late) {
        GradientCheck.at(late ? 22 : 7, seed)
                .inSinglePrecision()
                .within(0.02, 1e-2)
                .wants("x", image(axes, 4))
                .varying("x", 0, 2)
                .wants("scale", 4)
                .wants("bias", 4)
                .node("InstanceNormalization", List.of("x", "scale", "bias"), List.of("y"))
                .holds();
    }

    @Property(tries = 20)
    void shouldPassGroupNormalisation(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll boolean late) {
        long channels = 2L * groups;
        GradientCheck.at(late ? 21 : 18, seed)
                .inSinglePrecision()
                .within(0.02, 1e-2)
                .wants("x", image(axes, channels))
                .varying("x", 0)
                .wants("scale", late ? channels : groups)
                .wants("bias", late ? channels : groups)
                .node(
                        "GroupNormalization",
                        List.of("x", "scale", "bias"),
                        List.of("y"),
                        attribute("num_groups", groups))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassMeanVarianceNormalisation(
            @ForAll @IntRange(min = 1, max = 1000) int seed, @ForAll boolean apart, @ForAll boolean late) {
        GradientCheck.at(late ? 13 : 9, seed)
                .inSinglePrecision()
                .within(0.02, 1e-2)
                .wants("x", image(2, 3))
                .varying("x", 0)
                .node(
                        "MeanVarianceNormalization",
                        List.of("x"),
                        List.of("y"),
                        attribute("axes", apart ? new long[] {2, 3} : new long[] {0, 2, 3}))
                .holds();
    }

    @Property(tries = 20)
    void shouldPassNormalisationByLength(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(min = -1, max = 2) int axis,
            @ForAll @IntRange(min = 1, max = 2) int p) {
        GradientCheck.at(13, seed)
                .wants("x", x -> x < 0 ? x - 0.1 : x + 0.1, image(1, 3))
                .varying("x", 0)
                .node("LpNormalization", List.of("x"), List.of("y"), attribute("axis", axis), attribute("p", p))
                .holds();
    }

    @Test
    void shouldPassNothingThroughALengthOfZero() {
        GradientCheck.at(13, 1)
                .wants("scale", 2, 1)
                .constant("zeros", x -> 0, 2, 3)
                .node("Mul", List.of("scale", "zeros"), List.of("x"))
                .node("LpNormalization", List.of("x"), List.of("y"))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassLocalResponseNormalisation(
            @ForAll @IntRange(min = 1, max = 1000) int seed,
            @ForAll @IntRange(max = 3) int half,
            @ForAll boolean late) {
        GradientCheck.at(late ? 13 : 7, seed)
                .inSinglePrecision()
                .within(0.02, 1e-2)
                .wants("x", image(2, 5))
                .varying("x", 0)
                .node(
                        "LRN",
                        List.of("x"),
                        List.of("y"),
                        attribute("size", 2 * half + 1),
                        attribute("alpha", 0.5f),
                        attribute("beta", 0.6f),
                        attribute("bias", 1.5f))
                .holds();
    }

    @Test
    void shouldRefuseStatisticsThatDependOnWhatIsTrained() {
        GradientCheck check = GradientCheck.at(15, 1)
                .wants("x", 2, 3, 2)
                .wants("mean", 3)
                .constant("other", x -> 1 + x * x, 3)
                .node("BatchNormalization", List.of("x", "other", "other", "mean", "other"), List.of("y"));

        assertThatThrownBy(check::derive)
                .isInstanceOf(GradientException.class)
                .hasMessageContaining("mean or variance");
    }

    @Property(tries = 10)
    void shouldPassBatchNormalisationByTheBatch(
            @ForAll @IntRange(min = 1, max = 1000) int seed, @ForAll @IntRange(max = 2) int axes) {
        GradientCheck.at(15, seed)
                .wants("x", image(axes, 4))
                .varying("x", 0)
                .wants("scale", 4)
                .wants("bias", 4)
                .constant("mean", 4)
                .constant("variance", x -> 0.1 + x * x, 4)
                .node(
                        "BatchNormalization",
                        List.of("x", "scale", "bias", "mean", "variance"),
                        List.of("y", "m", "v"),
                        attribute("training_mode", 1))
                .holds();
    }
}
