package io.headwater.engine.learn;

import io.headwater.engine.weights.Tensor;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a head in training and the gradients of its loss: two flat vectors whose memory others may share. The
 * vectors belong to the head, which closes them.
 *
 * @param layout where each trained tensor lies in both
 * @param values of the parameters, contiguous
 * @param gradients of the mean loss, of the same length and type; an optimiser's step overwrites them
 */
public record LiveParameters(ParameterLayout layout, INDArray values, INDArray gradients) {
    public LiveParameters {
        if (values.length() != gradients.length()
                || values.length() < layout.size()
                || values.dataType() != gradients.dataType()) {
            throw new IllegalArgumentException("a head of " + layout.size()
                    + " parameters needs as many values and gradients of one type, but has " + values.length() + " of "
                    + values.dataType() + " and " + gradients.length() + " of " + gradients.dataType());
        }
    }

    /** Copies of the parameters, by name. */
    public Map<String, Tensor.F32> named() {
        return layout.read(values);
    }
}
