package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ChainsTest {

    @Property(tries = 20)
    void shouldPassLayerNormalizationWrittenOut(
            @ForAll boolean twice,
            @ForAll boolean power,
            @ForAll boolean turned,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        layerNormalization(twice, power, turned, seed).holds();
    }

    @Example
    void shouldSaveNothingInsideALayerNormalization() throws OrtException {
        assertThat(layerNormalization(true, true, false, 1).derive().saved()).containsExactlyInAnyOrder("x", "scale");
        assertThat(layerNormalization(false, false, true, 1).derive().saved()).containsExactlyInAnyOrder("x", "scale");
    }

    @Property(tries = 20)
    void shouldPassGeluWrittenOut(
            @ForAll @IntRange(max = 2) int order,
            @ForAll boolean quotient,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        gelu(order, quotient, seed).holds();
    }

    @Example
    void shouldSaveNothingInsideAGelu() throws OrtException {
        for (int order = 0; order < 3; order++) {
            assertThat(gelu(order, order > 0, 1).derive().saved()).containsExactly("x");
        }
    }

    @Property(tries = 10)
    void shouldLeaveAChainAloneOfWhichMoreIsReadThanItsResult(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        gelu(0, true, seed).node("Add", List.of("y", "erf"), List.of("z")).holds();
        layerNormalization(true, true, false, seed)
                .node("Add", List.of("y", "normal"), List.of("z"))
                .holds();
    }

    @Property(tries = 10)
    void shouldLeaveOtherProductsAlone(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(13, seed)
                .inSinglePrecision()
                .wants("x", 2, 3)
                .constant("one", any -> 1)
                .constant("root", any -> Math.sqrt(2))
                .node("Div", List.of("x", "root"), List.of("u"))
                .node("Erf", List.of("u"), List.of("erf"))
                .node("Add", List.of("erf", "one"), List.of("a"))
                .node("Mul", List.of("x", "a"), List.of("xa"))
                .node("Mul", List.of("xa", "x"), List.of("y"))
                .holds();
    }

    /** With the centred values computed twice, as old exporters do, or once. */
    private static GradientCheck layerNormalization(boolean twice, boolean power, boolean turned, int seed) {
        GradientCheck check = GradientCheck.at(13, seed)
                .inSinglePrecision()
                .wants("x", 2, 3, 4)
                .varying("x", 0, 1)
                .wants("scale", 4)
                .wants("bias", 4)
                .constant("epsilon", any -> 0.01)
                .constant("two", any -> 2)
                .node("ReduceMean", List.of("x"), List.of("mean"), attribute("axes", new long[] {-1}))
                .node("Sub", List.of("x", "mean"), List.of("centred"));
        if (twice) {
            check.node("Sub", List.of("x", "mean"), List.of("again"));
        }
        String centred = twice ? "again" : "centred";
        check.node(power ? "Pow" : "Mul", List.of(centred, power ? "two" : centred), List.of("square"))
                .node("ReduceMean", List.of("square"), List.of("variance"), attribute("axes", new long[] {2}))
                .node("Add", List.of("variance", "epsilon"), List.of("positive"))
                .node("Sqrt", List.of("positive"), List.of("deviation"))
                .node("Div", List.of("centred", "deviation"), List.of("normal"));
        return check.node("Mul", turned ? List.of("scale", "normal") : List.of("normal", "scale"), List.of("scaled"))
                .node("Add", turned ? List.of("bias", "scaled") : List.of("scaled", "bias"), List.of("y"));
    }

    private static GradientCheck gelu(int order, boolean quotient, int seed) {
        GradientCheck check = GradientCheck.at(13, seed)
                .inSinglePrecision()
                .wants("x", 2, 3)
                .varying("x", 0)
                .constant("half", any -> 0.5)
                .constant("one", any -> 1)
                .constant("root", any -> quotient ? Math.sqrt(2) : Math.sqrt(0.5))
                .node(quotient ? "Div" : "Mul", List.of("x", "root"), List.of("u"))
                .node("Erf", List.of("u"), List.of("erf"))
                .node("Add", List.of("erf", "one"), List.of("a"));
        return switch (order) {
            case 0 ->
                check.node("Mul", List.of("x", "a"), List.of("xa")).node("Mul", List.of("xa", "half"), List.of("y"));
            case 1 ->
                check.node("Mul", List.of("x", "half"), List.of("xh")).node("Mul", List.of("xh", "a"), List.of("y"));
            default ->
                check.node("Mul", List.of("a", "half"), List.of("ah")).node("Mul", List.of("x", "ah"), List.of("y"));
        };
    }
}
