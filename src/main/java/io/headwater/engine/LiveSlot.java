package io.headwater.engine;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One parameter in training: views of its values and gradients, and its pre-trained values where it is pulled to them. */
final class LiveSlot {
    private final ParameterSlot slot;
    private final INDArray values;
    private final INDArray gradients;
    private final @Nullable INDArray pretrained;

    LiveSlot(LiveParameters live, ParameterSlot slot, Tensor.@Nullable F32 start) {
        this.slot = slot;
        this.values = ParameterLayout.view(live.values(), slot.offset(), slot.length());
        this.gradients = ParameterLayout.view(live.gradients(), slot.offset(), slot.length());
        this.pretrained = start == null ? null : Nd4j.create(values.dataType(), values.length());
        if (pretrained != null && start != null) {
            ParameterLayout.write(pretrained, slot, start);
        }
    }

    ParameterSlot slot() {
        return slot;
    }

    /** Adds the gradient of {@code strength} / 2 × the squared distance from the pre-trained values. */
    void pull(double strength) {
        if (pretrained != null) {
            try (INDArray distance = values.sub(pretrained)) {
                gradients.addi(distance.muli(strength));
            }
        }
    }

    /** The sum of the squared gradients, summed in double precision. */
    double squaredNorm() {
        try (INDArray wide = Nd4j.create(DataType.DOUBLE, gradients.length()).assign(gradients)) {
            double norm = wide.norm2Number().doubleValue();
            return norm * norm;
        }
    }

    void scale(double factor) {
        gradients.muli(factor);
    }

    /** Adds {@code share} of the values to what will be subtracted from them. */
    void decay(double share) {
        if (slot.decays()) {
            try (INDArray part = values.mul(share)) {
                gradients.addi(part);
            }
        }
    }

    void close() {
        if (pretrained != null) {
            pretrained.close();
        }
    }
}
