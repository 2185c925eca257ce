package io.headwater.engine.dense;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Computes the gradients of a head of dense layers. It runs the operations of ND4J that Deeplearning4j's layers run, so
 * that it gives the same bits, but leaves out those whose results a head does not need: a second forward pass, and
 * gradients with respect to the features. It keeps its arrays from one step to the next. Not safe for use by several
 * threads.
 */
final class DenseGradients implements AutoCloseable {
    private static final IActivation RELU = new ActivationReLU();
    private static final IActivation NONE = new ActivationIdentity();

    private final HeadLayout layout;
    private final @Nullable Layer hidden;
    private final Layer output;
    private @Nullable Batch batch;

    private DenseGradients(HeadLayout layout, @Nullable Layer hidden, Layer output) {
        this.layout = layout;
        this.hidden = hidden;
        this.output = output;
    }

    /**
     * The parameters and gradients of a layer, all of them views.
     *
     * @param weights [inputs, outputs], column-major
     */
    private record Layer(INDArray weights, INDArray bias, INDArray weightGradients, INDArray biasGradients) {
        static Layer of(INDArray parameters, INDArray gradients, int offset, int inputs, int outputs) {
            int bias = offset + inputs * outputs;
            return new Layer(
                    view(parameters, offset, inputs, outputs),
                    view(parameters, bias, 1, outputs),
                    view(gradients, offset, inputs, outputs),
                    view(gradients, bias, 1, outputs));
        }

        private static INDArray view(INDArray vector, int offset, int rows, int columns) {
            return vector.reshape('c', true, vector.length())
                    .get(NDArrayIndex.interval(offset, offset + rows * columns))
                    .reshape('f', true, rows, columns);
        }

        /** Sets {@code result} to the pre-activations of {@code input}. */
        void forward(INDArray input, INDArray result) {
            input.mmuli(weights, result);
            result.addiRowVector(bias);
        }

        /** Sets the gradients of the layer from the gradient with respect to its pre-activations. */
        void backward(INDArray input, INDArray delta) {
            Nd4j.gemm(input, delta, weightGradients, true, false, 1.0, 0.0);
            delta.sum(biasGradients, 0);
        }
    }

    /** The arrays of a step with a certain number of rows; the activations are column-major as in Deeplearning4j. */
    private record Batch(INDArray features, @Nullable INDArray activations, INDArray logits) {
        void close() {
            features.close();
            if (activations != null) {
                activations.close();
            }
            logits.close();
        }
    }

    /**
     * Creates an instance for a head.
     *
     * @param parameters the flat parameters of the head
     * @param gradients the flat gradients, which each step overwrites
     */
    static DenseGradients of(HeadLayout layout, INDArray parameters, INDArray gradients) {
        int inputs = layout.inputs();
        int units = layout.hidden();
        if (units == 0) {
            return new DenseGradients(layout, null, Layer.of(parameters, gradients, 0, inputs, layout.outputs()));
        }
        int offset = (inputs + 1) * units;
        return new DenseGradients(
                layout,
                Layer.of(parameters, gradients, 0, inputs, units),
                Layer.of(parameters, gradients, offset, units, layout.outputs()));
    }

    /**
     * Sets the gradients of the head.
     *
     * @param features the features of the step, row by row
     * @param loss the loss with the targets of the step
     */
    void compute(float[] features, ObjectiveLoss loss) {
        Batch arrays = batch(features.length / layout.inputs());
        NativeFloats.write(features, arrays.features());
        INDArray below = arrays.features();
        if (hidden != null && arrays.activations() != null) {
            hidden.forward(below, arrays.activations());
            below = RELU.getActivation(arrays.activations(), true);
        }
        output.forward(below, arrays.logits());
        try (INDArray delta = loss.computeGradient(arrays.logits(), arrays.logits(), NONE, null)) {
            output.backward(below, delta);
            if (hidden != null) {
                backward(hidden, arrays.features(), below, delta);
            }
        }
    }

    private void backward(Layer layer, INDArray features, INDArray activations, INDArray delta) {
        long[] shape = {layout.hidden(), delta.rows()};
        try (INDArray epsilon = Nd4j.createUninitialized(delta.dataType(), shape, 'f')) {
            INDArray received =
                    output.weights().mmuli(delta.transpose(), epsilon).transpose();
            // The derivative depends only on the sign of a pre-activation, which the activation has as well.
            try (INDArray passed = RELU.backprop(activations, received).getFirst()) {
                layer.backward(features, passed);
            }
        }
    }

    private Batch batch(int rows) {
        Batch current = batch;
        if (current == null || current.features().rows() != rows) {
            close();
            var type = output.weights().dataType();
            current = new Batch(
                    Nd4j.createUninitialized(type, new long[] {rows, layout.inputs()}, 'c'),
                    hidden == null ? null : Nd4j.createUninitialized(type, new long[] {rows, layout.hidden()}, 'f'),
                    Nd4j.createUninitialized(type, new long[] {rows, layout.outputs()}, 'f'));
            batch = current;
        }
        return current;
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
            batch = null;
        }
    }
}
