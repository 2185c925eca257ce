package io.headwater.engine.gradient;

import static io.headwater.engine.gradient.Backward.attribute;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NormalisationRulesTest {

    /** The shape [3, channels] with up to three more axes. */
    private static long[] image(int axes, long channels) {
        return LongStream.concat(LongStream.of(3, channels), LongStream.of(4, 3, 2).limit(axes))
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
}
