package io.headwater.task;

import io.headwater.config.TensorInput;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import java.util.List;

/** Passes tensors to the base model. The shape in its manifest determines the number of values. */
public final class TensorPreparation implements Preparation {
    private final TensorInput input;

    /** Creates a preparation of tensors for {@code input}. */
    public TensorPreparation(TensorInput input) {
        this.input = input;
    }

    /**
     * {@inheritDoc} A tensor must have the manifest's shape, or be one-dimensional with the same number of values in
     * row-major order.
     */
    @Override
    public Outcome<ModelInput> input(PayloadView view) {
        Payload payload = view.payload();
        if (!(payload instanceof Payload.Tensor tensor)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "payload must be of kind tensor, but is " + payload.kind()
                            + "; send it to an adaptation of its kind");
        }
        float[] values = tensor.values();
        boolean isShaped =
                tensor.shape().equals(input.shape()) || tensor.shape().equals(List.of(input.size()));
        if (!isShaped || values.length != input.size()) {
            return Outcome.rejected(
                    Reason.BAD_PAYLOAD,
                    "tensor must have the shape " + input.shape() + " of the base model, or its " + input.size()
                            + " values in one axis, but has shape " + shown(tensor.shape()) + " and " + values.length
                            + " values; send what the base model reads");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return Outcome.rejected(
                        Reason.NOT_FINITE,
                        "tensor must hold finite numbers, but number " + i + " is " + values[i]
                                + "; drop or repair it");
            }
        }
        return Outcome.ok(new ModelInput.Numbers(values));
    }

    /** Formats a shape for an error message; a record may declare a shape of any length. */
    private static String shown(List<Integer> shape) {
        return shape.size() <= 16 ? shape.toString() : "of " + shape.size() + " axes";
    }
}
