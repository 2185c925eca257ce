package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.onnx.Tensors;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;

class MovementRulesTest {
    private static final long END = Long.MAX_VALUE;

    @Property(tries = 20)
    void shouldPassExpand(
            @ForAll @IntRange(max = 7) int stretched,
            @ForAll boolean more,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[] shape = new long[3];
        GradientCheck check = GradientCheck.at(13, seed);
        for (int axis = 0; axis < 3; axis++) {
            shape[axis] = (stretched >> axis & 1) == 1 ? 1 : axis + 2;
        }
        check.wants("x", shape);
        if (varying && shape[0] > 1) {
            check.varying("x", 0).integers("shape", 1, 3, 4);
        } else {
            check.integers("shape", more ? new long[] {2, 2, 3, 4} : new long[] {2, 3, 4});
        }
        check.node("Expand", List.of("x", "shape"), List.of("y")).holds();
    }

    @Property(tries = 30)
    void shouldPassConcat(
            @ForAll @IntRange(min = -2, max = 1) int axis,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(varying ? 13 : 7, seed);
        boolean first = axis == 0 || axis == -2;
        check.wants("a", first ? 1 : 2, 3).wants("b", 2, 3).constant("c", first ? 4 : 2, 3);
        if (varying) {
            check.varying("a", first ? 0 : 1).varying("b", first ? 0 : 1);
        }
        check.node("Concat", List.of("a", "b", "c", "a"), List.of("y"), attribute("axis", (long) axis))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassSplitOfWhichSomePartsAreUsed(
            @ForAll @IntRange(max = 2) int form,
            @ForAll @IntRange(max = 2) int used,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        List<String> parts = List.of("a", "b", "c");
        GradientCheck check =
                GradientCheck.at(new int[] {11, 13, 18}[form], seed).wants("x", 2, 6);
        if (varying) {
            check.varying("x", 0);
        }
        AttributeProto axis = attribute("axis", -1);
        if (form == 0) {
            check.node("Split", List.of("x"), parts, axis, attribute("split", new long[] {1, 2, 3}));
        } else if (form == 1) {
            check.integers("split", 3, 1, 2).node("Split", List.of("x", "split"), parts, axis);
        } else {
            check.node("Split", List.of("x"), parts, axis, attribute("num_outputs", 3));
        }
        check.node("Mul", List.of(parts.get(used), parts.get(used)), List.of("y"))
                .holds();
    }

    @Property(tries = 20)
    void shouldPassSplitOfWhichAllPartsAreUsed(
            @ForAll boolean varying, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(11, seed).wants("x", 4, 3);
        if (varying) {
            check.varying("x", 0);
        }
        check.node("Split", List.of("x"), List.of("a", "b"))
                .node("Mul", List.of("a", "b"), List.of("y"))
                .holds();
    }

    @Property(tries = 100)
    void shouldPassSlice(
            @ForAll @IntRange(max = 8) int cut,
            @ForAll boolean asInput,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[][] starts = {{1}, {0}, {-2}, {1, 1}, {-3, 0}, {-2, -1}, {-1}, {4, 0}, {-3}};
        long[][] ends = {{3}, {END}, {-1}, {-1, END}, {END, 2}, {4, 3}, {-100}, {0, 3}, {4}};
        long[][] axes = {{1}, {-1}, {1}, {0, 1}, {1, 0}, {1, 0}, {1}, {1, 0}, {1}};
        long[][] steps = {{1}, {1}, {1}, {1, 1}, {1, 1}, {1, 1}, {-2}, {-1, 2}, {1}};
        boolean stepped = cut == 6 || cut == 7;
        GradientCheck check =
                GradientCheck.at(asInput || stepped ? 13 : 9, seed).wants("x", 3, 5, 2);
        if (varying) {
            check.varying("x", 0, 2);
            // A longer axis changes the length of these slices, which does not matter if their length is unknown to
            // the derivation.
            check.varying("x", 1);
        }
        if (asInput || stepped) {
            check.integers("starts", starts[cut])
                    .integers("ends", ends[cut])
                    .integers("axes", axes[cut])
                    .integers("steps", steps[cut])
                    .node("Slice", List.of("x", "starts", "ends", "axes", "steps"), List.of("y"));
        } else {
            check.node(
                    "Slice",
                    List.of("x"),
                    List.of("y"),
                    attribute("starts", starts[cut]),
                    attribute("ends", ends[cut]),
                    attribute("axes", axes[cut]));
        }
        check.holds();
    }

    @Property(tries = 10)
    void shouldPassSliceOfTheFirstAxes(@ForAll boolean asInput, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(asInput ? 10 : 7, seed).wants("x", 3, 4, 2);
        if (asInput) {
            check.integers("starts", 1, 1)
                    .integers("ends", 3, 2)
                    .node("Slice", List.of("x", "starts", "ends"), List.of("y"));
        } else {
            check.node(
                    "Slice",
                    List.of("x"),
                    List.of("y"),
                    attribute("starts", new long[] {1, 1}),
                    attribute("ends", new long[] {3, 2}));
        }
        check.holds();
    }

    @Property(tries = 60)
    void shouldPassPad(
            @ForAll @IntRange(max = 2) int mode,
            @ForAll @IntRange(max = 2) int sizes,
            @ForAll @IntRange(max = 2) int form,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[][] pads = {{0, 1, 2, 0, 2, 0}, {0, 0, 0, 0, 0, 0}, {0, 1, -1, 0, -1, 2}};
        int chosen = mode == 0 ? sizes : sizes % 2;
        AttributeProto named = attribute("mode", new String[] {"constant", "edge", "reflect"}[mode]);
        GradientCheck check =
                GradientCheck.at(new int[] {9, 13, 18}[form], seed).wants("x", 2, 3, 4);
        if (varying) {
            check.varying("x", 0, 1, 2);
        }
        if (form == 0) {
            check.node("Pad", List.of("x"), List.of("y"), named, attribute("pads", pads[chosen]));
        } else if (form == 1) {
            check.integers("pads", pads[chosen]).node("Pad", List.of("x", "pads"), List.of("y"), named);
        } else {
            check.integers("pads", 1, 2, 2, 0)
                    .integers("axes", -1, 1)
                    .node("Pad", List.of("x", "pads", "", "axes"), List.of("y"), named);
        }
        check.holds();
    }

    @Example
    void shouldRefuseToWrapAround() {
        GradientCheck check = GradientCheck.at(19, 1)
                .wants("x", 3)
                .integers("pads", 1, 1)
                .node("Pad", List.of("x", "pads"), List.of("y"), attribute("mode", "wrap"));

        assertThatThrownBy(check::derive).isInstanceOf(GradientException.class).hasMessageContaining("'wrap'");
    }

    @Property(tries = 20)
    void shouldPassTile(
            @ForAll @IntRange(max = 3) int form,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[][] repeats = {{1, 1, 1}, {2, 1, 1}, {1, 3, 2}, {2, 2, 2}};
        GradientCheck check = GradientCheck.at(13, seed).wants("x", 2, 1, 3);
        if (varying) {
            check.varying("x", 0, 2);
        }
        check.integers("repeats", repeats[form])
                .node("Tile", List.of("x", "repeats"), List.of("y"))
                .holds();
    }

    @Property(tries = 20)
    void shouldPassTriangles(
            @ForAll boolean upper,
            @ForAll @IntRange(min = -1, max = 2) int diagonal,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        List<String> inputs = new ArrayList<>(List.of("x"));
        GradientCheck check = GradientCheck.at(14, seed).wants("x", 2, 3, 3).varying("x", 0, 1, 2);
        if (diagonal < 2) {
            check.constant(Tensors.integer("k", diagonal));
            inputs.add("k");
        }
        check.node("Trilu", inputs, List.of("y"), attribute("upper", upper ? 1 : 0))
                .holds();
    }
}
