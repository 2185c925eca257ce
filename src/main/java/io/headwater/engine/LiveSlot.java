package io.headwater.engine;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One parameter in training: views of its values and gradients, and its pre-trained values where it is pulled to them. */
final class LiveSlot {
    private final ParameterSlot slot;
    private final INDArray values;
    private final INDArray gradients;
    private final @Nullable INDArray pretrained;

    private @Nullable INDArray scratch;

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
            gradients.addi(values.subi(pretrained, scratch()).muli(strength));
        }
    }

    /** The sum of the squared gradients. */
    double squaredNorm() {
        // In their own precision: a copy in another one leaves native memory behind at each step.
        double norm = gradients.norm2Number().doubleValue();
        return norm * norm;
    }

    /** Adds {@code share} of the values to what will be subtracted from them. */
    void decay(double share) {
        if (slot.decays()) {
            gradients.addi(values.muli(share, scratch()));
        }
    }

    /** One array for all steps: native memory does not come back as fast as it is asked for. */
    private INDArray scratch() {
        INDArray current = scratch;
        if (current == null) {
            current = Nd4j.create(values.dataType(), values.length());
            scratch = current;
        }
        return current;
    }

    void close() {
        if (scratch != null) {
            scratch.close();
        }
        if (pretrained != null) {
            pretrained.close();
        }
    }
}
