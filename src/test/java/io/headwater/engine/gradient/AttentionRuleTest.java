package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

class AttentionRuleTest {
    private static final int BATCH = 2;
    private static final int LENGTH = 3;

    @Property(tries = 60)
    void shouldPassSelfAttention(
            @ForAll boolean unidirectional,
            @ForAll @IntRange(max = 2) int masked,
            @ForAll @IntRange(min = -1, max = 2) int past,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        int earlier = Math.max(past, 0);
        GradientCheck check = GradientCheck.at(11, seed)
                .inSinglePrecision()
                .domain("com.microsoft", 1)
                .wants("x", BATCH, LENGTH, 4)
                .wants("weights", 4, 12)
                .wants("bias", 12);
        if (masked > 0) {
            check.constant(mask(earlier + LENGTH, masked == 2));
        } else {
            check.varying("x", 1);
        }
        if (past >= 0) {
            check.constant("past", 2, BATCH, 2, earlier, 2);
        } else if (masked == 0) {
            check.varying("x", 0);
        }
        check.node(
                        "com.microsoft",
                        "Attention",
                        List.of("x", "weights", "bias", masked > 0 ? "mask" : "", past >= 0 ? "past" : ""),
                        past >= 0 ? List.of("y", "present") : List.of("y"),
                        attribute("num_heads", 2),
                        // In single precision, adding -10000 leaves about four digits.
                        attribute("mask_filter_value", masked == 2 ? -10f : -10_000f),
                        attribute("unidirectional", unidirectional ? 1 : 0))
                .holds();
    }

    @Example
    void shouldRefuseAMaskOfLengths() {
        GradientCheck check = GradientCheck.at(11, 1)
                .inSinglePrecision()
                .domain("com.microsoft", 1)
                .wants("x", BATCH, LENGTH, 4)
                .constant("weights", 4, 12)
                .constant("bias", 12)
                .constant(TensorProto.newBuilder()
                        .setName("mask")
                        .setDataType(DataType.INT32_VALUE)
                        .addDims(2)
                        .addInt32Data(2)
                        .addInt32Data(3)
                        .build())
                .node(
                        "com.microsoft",
                        "Attention",
                        List.of("x", "weights", "bias", "mask"),
                        List.of("y"),
                        attribute("num_heads", 2));

        assertThatThrownBy(check::derive).isInstanceOf(GradientException.class).hasMessageContaining("mask of 1 axes");
    }

    /** The second sequence has padding: at its end, or all of it. */
    private static TensorProto mask(int total, boolean all) {
        TensorProto.Builder mask = TensorProto.newBuilder()
                .setName("mask")
                .setDataType(DataType.INT32_VALUE)
                .addDims(BATCH)
                .addDims(total);
        for (int i = 0; i < BATCH * total; i++) {
            boolean padding = all ? i >= total : i == BATCH * total - 1;
            mask.addInt32Data(padding ? 0 : 1);
        }
        return mask.build();
    }
}
