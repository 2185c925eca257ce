package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ShapeRulesTest {
    private static final int AXES_ARE_INPUTS = 13;

    @Property(tries = 20)
    void shouldPassReshape(
            @ForAll @IntRange(max = 3) int form,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[][] shapes = {{0, -1}, {-1}, {0, 0, 2, 2}, {0, -1, 2, 2}};
        GradientCheck check = GradientCheck.at(form == 1 ? 7 : 14, seed).wants("x", 2, 3, 4);
        if (varying) {
            check.varying("x", 0, 1);
        }
        check.integers("shape", shapes[form])
                .node("Reshape", List.of("x", "shape"), List.of("y"))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassReshapeThatAllowsZero(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(14, seed)
                .wants("x", 2, 3)
                .integers("shape", 3, 2)
                .node("Reshape", List.of("x", "shape"), List.of("y"), attribute("allowzero", 1))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassUnsqueezeSqueezeAndFlatten(
            @ForAll @IntRange(max = 3) int form,
            @ForAll boolean asInput,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check =
                GradientCheck.at(asInput ? AXES_ARE_INPUTS : 11, seed).wants("x", 2, 1, 3);
        if (varying) {
            check.varying("x", 0, 2);
        }
        if (form == 3) {
            check.node("Flatten", List.of("x"), List.of("y"), attribute("axis", asInput ? -1 : 2))
                    .holds();
            return;
        }
        long[] axes = form == 0 ? new long[] {-1, 1} : new long[] {1};
        String type = form == 0 ? "Unsqueeze" : "Squeeze";
        if (form == 2) {
            check.node(type, List.of("x"), List.of("y"));
        } else if (asInput) {
            check.integers("axes", axes).node(type, List.of("x", "axes"), List.of("y"));
        } else {
            check.node(type, List.of("x"), List.of("y"), attribute("axes", axes));
        }
        check.holds();
    }

    @Property(tries = 20)
    void shouldPassTranspose(@ForAll @IntRange(max = 2) int form, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[][] permutations = {{2, 0, 1}, {1, 2, 0}};
        GradientCheck check = GradientCheck.at(13, seed).wants("x", 2, 3, 4).varying("x", 0, 1);
        if (form == 2) {
            check.node("Transpose", List.of("x"), List.of("y"));
        } else {
            check.node("Transpose", List.of("x"), List.of("y"), attribute("perm", permutations[form]));
        }
        check.holds();
    }

    @Property(tries = 12)
    void shouldPassWhatDoesNothingInInference(
            @ForAll boolean dropout,
            @ForAll @IntRange(min = 7, max = 21) int opset,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(opset, seed)
                .wants("x", 2, 3)
                .node(dropout ? "Dropout" : "Identity", List.of("x"), List.of("y"))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassCastsThereAndBack(@ForAll boolean wider, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        int own = wider ? GradientCheck.FLOAT : GradientCheck.DOUBLE;
        int other = wider ? GradientCheck.DOUBLE : GradientCheck.FLOAT;
        GradientCheck check = GradientCheck.at(13, seed).inSinglePrecision();
        (wider ? check : GradientCheck.at(13, seed).within(1e-2, 2e-3))
                .wants("x", 2, 3)
                .node("Cast", List.of("x"), List.of("same"), attribute("to", own))
                .node("Cast", List.of("same"), List.of("cast"), attribute("to", other))
                .node("Reshape", List.of("cast", "shape"), List.of("shaped"))
                .integers("shape", -1)
                .node("Cast", List.of("shaped"), List.of("y"), attribute("to", own))
                .holds();
    }
}
