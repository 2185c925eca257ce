package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.onnx.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;

class ReductionRulesTest {
    private static final long[][] AXES = {{}, {0}, {-1}, {2, 0}, {-2, 2}, {0, 1, 2}};

    private static final String[] TYPES = {
        "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"
    };

    @Property(tries = 60)
    void shouldPassSumsAndMeansOverAnyAxes(
            @ForAll boolean mean,
            @ForAll @IntRange(max = 5) int axes,
            @ForAll @IntRange(max = 2) int keep,
            @ForAll boolean asInput,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        check(mean ? "ReduceMean" : "ReduceSum", mean ? 18 : 13, 11, axes, keep, asInput, varying, seed)
                .holds();
    }

    @Property(tries = 8)
    void shouldPassAReductionOfNoAxes(@ForAll boolean mean, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(18, seed)
                .wants("x", 2, 3)
                .integers("axes")
                .node(
                        mean ? "ReduceMean" : "ReduceSum",
                        List.of("x", "axes"),
                        List.of("y"),
                        attribute("keepdims", 0),
                        attribute("noop_with_empty_axes", 1))
                .holds();
    }

    @Property(tries = 120)
    void shouldPassOtherReductionsOverAnyAxes(
            @ForAll @IntRange(max = 6) int type,
            @ForAll @IntRange(max = 5) int axes,
            @ForAll @IntRange(max = 2) int keep,
            @ForAll boolean asInput,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        check(TYPES[type], 18, 11, axes, keep, asInput, varying, seed).holds();
    }

    @Property(tries = 20)
    void shouldPassRunningSums(
            @ForAll boolean exclusive,
            @ForAll boolean reverse,
            @ForAll @IntRange(min = -2, max = 1) int axis,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(14, seed)
                .wants("x", 3, 4)
                .varying("x", 0, 1)
                .constant(Tensors.integer("axis", axis))
                .node(
                        "CumSum",
                        List.of("x", "axis"),
                        List.of("y"),
                        attribute("exclusive", exclusive ? 1 : 0),
                        attribute("reverse", reverse ? 1 : 0))
                .holds();
    }

    /** A reduction of [2, 3, 4] with axes as an input or an attribute; {@code keep} of 2 leaves the attribute out. */
    private static GradientCheck check(
            String type, int inputsFrom, int before, int axes, int keep, boolean asInput, boolean varying, int seed) {
        List<AttributeProto> attributes = new ArrayList<>();
        if (keep < 2) {
            attributes.add(attribute("keepdims", keep));
        }
        boolean given = AXES[axes].length > 0;
        if (given && !asInput) {
            attributes.add(attribute("axes", AXES[axes]));
        }
        DoubleUnaryOperator shaping = type.equals("ReduceLogSum") ? Math::exp : x -> x;
        GradientCheck check =
                GradientCheck.at(asInput ? inputsFrom : before, seed).wants("x", shaping, 2, 3, 4);
        if (varying) {
            check.varying("x", 0, 2);
        }
        if (given && asInput) {
            check.integers("axes", AXES[axes]);
        }
        return check.node(
                type,
                given && asInput ? List.of("x", "axes") : List.of("x"),
                List.of("y"),
                attributes.toArray(AttributeProto[]::new));
    }
}
