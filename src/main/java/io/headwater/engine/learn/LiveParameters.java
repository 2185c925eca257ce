package io.headwater.engine.learn;

import io.headwater.engine.weights.Tensor;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a head in training and the gradients of its loss: two flat vectors whose memory may be shared with
 * other libraries. The vectors belong to the head, which closes them.
 *
 * @param layout the position of each trained tensor in both vectors
 * @param values the parameters, contiguous
 * @param gradients the gradients of the mean loss, of the same length and type; each step overwrites them
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

    /** Returns copies of the parameters by name. */
    public Map<String, Tensor.F32> named() {
        return layout.read(values);
    }
}
