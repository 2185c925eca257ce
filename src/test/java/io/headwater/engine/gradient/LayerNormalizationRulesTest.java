package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LayerNormalizationRulesTest {

    @Property(tries = 40)
    void shouldPassLayerNormalization(
            @ForAll @IntRange(min = -3, max = 2) int axis,
            @ForAll boolean biased,
            @ForAll boolean contributed,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[] full = {2, 3, 4};
        long[] scale = Arrays.copyOfRange(full, axis < 0 ? axis + 3 : axis, 3);
        GradientCheck check = GradientCheck.at(contributed ? 13 : 17, seed)
                .within(1e-5, 1e-5)
                .wants("x", full)
                .wants("scale", scale);
        if (varying && scale.length < 3) {
            check.varying("x", 0);
        }
        if (biased) {
            check.wants("bias", scale);
        }
        check.node(
                        "LayerNormalization",
                        biased ? List.of("x", "scale", "bias") : List.of("x", "scale"),
                        List.of("y"),
                        attribute("axis", (long) axis),
                        attribute("epsilon", 0.01f))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassSimplifiedLayerNormalization(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(13, seed)
                .inSinglePrecision()
                .wants("x", 2, 3, 4)
                .varying("x", 0, 1)
                .wants("scale", 4)
                .node(
                        "SimplifiedLayerNormalization",
                        List.of("x", "scale"),
                        List.of("y"),
                        attribute("axis", -1),
                        attribute("epsilon", 0.01f))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassNormalisationByTheRootMeanSquare(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(23, seed)
                .inSinglePrecision()
                .wants("x", 2, 3, 4)
                .varying("x", 0, 1)
                .wants("scale", 4)
                .node(
                        "RMSNormalization",
                        List.of("x", "scale"),
                        List.of("y"),
                        attribute("axis", -1),
                        attribute("epsilon", 0.01f))
                .holds();
    }

    @Property(tries = 60)
    void shouldPassSkipLayerNormalization(
            @ForAll boolean simplified,
            @ForAll boolean shift,
            @ForAll boolean bias,
            @ForAll @IntRange(max = 3) int used,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed)
                .inSinglePrecision()
                .domain("com.microsoft", 1)
                .wants("x", 2, 3, 4)
                .wants("skip", used == 1 ? new long[] {1, 3, 4} : new long[] {2, 3, 4})
                .wants("gamma", 4);
        if (used != 1) {
            check.varying("x", 0).varying("skip", 0);
        }
        if (shift && !simplified) {
            check.wants("beta", 4);
        }
        if (bias) {
            check.wants("bias", 4);
        }
        String beta = shift ? "beta" : "";
        String last = bias ? "bias" : "";
        check.node(
                "com.microsoft",
                simplified ? "SkipSimplifiedLayerNormalization" : "SkipLayerNormalization",
                simplified ? List.of("x", "skip", "gamma", last) : List.of("x", "skip", "gamma", beta, last),
                used == 0 ? List.of("z") : List.of("z", "", "", "sum"),
                attribute("epsilon", 0.01f));
        switch (used) {
            case 2 -> check.node("Mul", List.of("z", "sum"), List.of("y"));
            case 3 -> check.node("Mul", List.of("sum", "sum"), List.of("y"));
            default -> check.node("Identity", List.of("z"), List.of("y"));
        }
        check.holds();
    }

    @Example
    void shouldRefuseAGradientAtTheMean() {
        GradientCheck check = GradientCheck.at(17, 1)
                .wants("x", 2, 4)
                .inSinglePrecision()
                .constant("scale", 4)
                .node("LayerNormalization", List.of("x", "scale"), List.of("z", "mean"))
                .node("Mul", List.of("z", "mean"), List.of("y"));

        assertThatThrownBy(check::derive)
                .isInstanceOf(GradientException.class)
                .hasMessageContaining("another output than its first");
    }
}
