package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;

class SoftmaxRulesTest {

    @Property(tries = 60)
    void shouldPassSoftmaxOverTheAxesOfItsOpset(
            @ForAll boolean logarithm,
            @ForAll boolean old,
            @ForAll @IntRange(min = -4, max = 2) int axis,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        AttributeProto[] attributes =
                axis < -3 ? new AttributeProto[0] : new AttributeProto[] {attribute("axis", (long) axis)};
        GradientCheck check = GradientCheck.at(old ? 11 : 13, seed).wants("x", 2, 3, 4);
        if (varying) {
            check.varying("x", 0, 1, 2);
        }
        check.node(logarithm ? "LogSoftmax" : "Softmax", List.of("x"), List.of("y"), attributes)
                .holds();
    }
}
