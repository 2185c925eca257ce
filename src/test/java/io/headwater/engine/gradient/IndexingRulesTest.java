package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

class IndexingRulesTest {

    @Property(tries = 60)
    void shouldPassGatherOfManyAlongAnyAxis(
            @ForAll @IntRange(min = -3, max = 2) int axis,
            @ForAll boolean computed,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed).wants("x", 3, 4, 3);
        if (varying) {
            check.varying("x", 0, 1);
        }
        check.constant(indices("i", DataType.INT64_VALUE, new long[] {2, 2}, 0, 2, -1, 0));
        if (computed) {
            check.node("Cast", List.of("i"), List.of("j"), attribute("to", (long) DataType.INT32_VALUE));
        }
        check.node("Gather", List.of("x", computed ? "j" : "i"), List.of("y"), attribute("axis", (long) axis))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassGatherOfRows(
            @ForAll boolean narrow, @ForAll boolean varying, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        int type = narrow ? DataType.INT32_VALUE : DataType.INT64_VALUE;
        GradientCheck check = GradientCheck.at(11, seed).wants("table", 5, 3);
        if (varying) {
            check.varying("table", 0);
        }
        check.constant(indices("i", type, new long[] {2, 3}, 0, 4, 1, 4, 4, -5))
                .node("Gather", List.of("table", "i"), List.of("y"))
                .holds();
    }

    @Property(tries = 60)
    void shouldPassGatherOfOne(
            @ForAll @IntRange(min = -3, max = 2) int axis,
            @ForAll @IntRange(min = -3, max = 2) int index,
            @ForAll @IntRange(max = 2) int rank,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[][] shapes = {{}, {1}, {1, 1}};
        GradientCheck check = GradientCheck.at(13, seed).wants("x", 3, 4, 3);
        if (varying) {
            check.varying("x", 0, 1, 2);
        }
        check.constant(indices("i", DataType.INT64_VALUE, shapes[rank], index))
                .node("Gather", List.of("x", "i"), List.of("y"), attribute("axis", (long) axis))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassGatherElements(
            @ForAll @IntRange(min = -2, max = 1) int axis,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed).wants("x", 3, 3);
        if (varying) {
            check.varying("x", 0, 1);
        }
        check.constant(indices("i", DataType.INT64_VALUE, new long[] {2, 3}, 0, 1, 2, 0, -1, 0))
                .node("GatherElements", List.of("x", "i"), List.of("y"), attribute("axis", (long) axis))
                .holds();
    }

    @Property(tries = 20)
    void shouldPassGatherNd(
            @ForAll boolean batched, @ForAll boolean varying, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed).wants("x", 2, 3, 2);
        if (varying) {
            check.varying("x", 1, 2);
        }
        check.constant(indices("i", DataType.INT64_VALUE, new long[] {2, 2}, 0, 1, 1, 1))
                .node("GatherND", List.of("x", "i"), List.of("y"), attribute("batch_dims", batched ? 1 : 0))
                .holds();
    }

    private static TensorProto indices(String name, int type, long[] shape, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
        for (long size : shape) {
            tensor.addDims(size);
        }
        for (long value : values) {
            if (type == DataType.INT64_VALUE) {
                tensor.addInt64Data(value);
            } else {
                tensor.addInt32Data((int) value);
            }
        }
        return tensor.build();
    }
}
