package io.headwater.task;

import static io.headwater.task.Rejections.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.TensorInput;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorPreparationTest {
    private static final Preparation PREPARATION =
            new TensorPreparation(new TensorInput("x", List.of(2, 3), List.of()));
    private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

    @Test
    void shouldTakeATensorOfTheShapeOrFlat() {
        for (List<Integer> shape : List.of(List.of(2, 3), List.of(6))) {
            assertThat(PREPARATION.prepare(new Payload.Tensor(shape, VALUES)))
                    .isInstanceOfSatisfying(
                            Outcome.Ok.class,
                            ok -> assertThat(((ModelInput.Numbers) ok.value()).values())
                                    .isEqualTo(VALUES));
        }
    }

    @Test
    void shouldRejectAnotherShape() {
        for (List<Integer> shape : List.of(List.of(3, 2), List.of(1, 2, 3), List.<Integer>of())) {
            assertRejected(
                    PREPARATION.prepare(new Payload.Tensor(shape, VALUES)),
                    Reason.BAD_PAYLOAD,
                    "the shape [2, 3] of the base model, or its 6 values in one axis, but has shape " + shape);
        }
        assertRejected(
                PREPARATION.prepare(new Payload.Tensor(List.of(2, 3), new float[5])), Reason.BAD_PAYLOAD, "5 values");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void shouldRejectATensorWithANumberThatIsNotFinite(float bad) {
        float[] values = VALUES.clone();
        values[4] = bad;

        assertRejected(
                PREPARATION.prepare(new Payload.Tensor(List.of(6), values)), Reason.NOT_FINITE, "number 4 is " + bad);
    }

    @Test
    void shouldRejectAnotherKindOfPayload() {
        assertRejected(
                PREPARATION.prepare(new Payload.Text("1 2 3 4 5 6")), Reason.WRONG_KIND, "kind tensor, but is text");
    }
}
