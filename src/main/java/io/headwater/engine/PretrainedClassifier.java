package io.headwater.engine;

import io.headwater.engine.weights.Tensor;
import java.util.Arrays;

/**
 * The linear layer of a base model's own classifier, before any softmax: scores = features × weights + bias.
 *
 * @param weights [features, classes]
 * @param bias [classes]
 */
public record PretrainedClassifier(Tensor.F32 weights, Tensor.F32 bias) {
    public PretrainedClassifier {
        int[] matrix = weights.shape();
        if (matrix.length != 2 || !Arrays.equals(bias.shape(), new int[] {matrix[1]})) {
            throw new IllegalArgumentException(
                    "a classifier needs weights [features, classes] and a bias [classes], but" + " has "
                            + Arrays.toString(matrix) + " and " + Arrays.toString(bias.shape()));
        }
    }

    /** Returns the number of features that it reads. */
    public int features() {
        return weights.shape()[0];
    }

    /** Returns the number of classes. */
    public int classes() {
        return weights.shape()[1];
    }

    /** Returns the same classifier with other classes: class i of the result is class {@code places[i]} of this one. */
    PretrainedClassifier inOrder(int[] places) {
        float[] matrix = new float[Math.multiplyExact(features(), places.length)];
        float[] vector = new float[places.length];
        for (int place = 0; place < places.length; place++) {
            vector[place] = bias.values()[places[place]];
            for (int row = 0; row < features(); row++) {
                matrix[row * places.length + place] = weights.values()[row * classes() + places[place]];
            }
        }
        return new PretrainedClassifier(
                new Tensor.F32(new int[] {features(), places.length}, matrix),
                new Tensor.F32(new int[] {places.length}, vector));
    }

    /** Whether no value is NaN or infinite. */
    boolean isFinite() {
        for (Tensor.F32 tensor : new Tensor.F32[] {weights, bias}) {
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }
}
