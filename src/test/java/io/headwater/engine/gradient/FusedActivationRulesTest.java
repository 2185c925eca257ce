package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FusedActivationRulesTest {

    @Property(tries = 40)
    void shouldPassActivationsWithAndWithoutBias(
            @ForAll @IntRange(max = 4) int form, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed)
                .inSinglePrecision()
                .domain("com.microsoft", 1)
                .wants("x", 2, 3, 4)
                .varying("x", 0, 1);
        switch (form) {
            case 0 -> check.node("com.microsoft", "Gelu", List.of("x"), List.of("y"));
            case 1 -> check.node("com.microsoft", "FastGelu", List.of("x"), List.of("y"));
            case 2 -> check.node("com.microsoft", "QuickGelu", List.of("x"), List.of("y"), attribute("alpha", 1.5f));
            default ->
                check.wants("bias", 4)
                        .node("com.microsoft", form == 3 ? "BiasGelu" : "FastGelu", List.of("x", "bias"), List.of("y"));
        }
        check.holds();
    }
}
