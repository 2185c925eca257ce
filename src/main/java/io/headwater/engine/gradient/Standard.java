package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;

/**
 * A standardised tensor: the mean is subtracted, and the result is divided by the standard deviation.
 *
 * @param normal the standardised tensor
 * @param inverse the reciprocal of the standard deviation
 */
record Standard(String normal, String inverse) {

    /** Standardises by the tensor's own statistics over the given axes. */
    static Standard of(String x, double epsilon, Backward backward, long... axes) {
        String centred = backward.op("Sub", x, mean(x, backward, axes));
        String variance = mean(backward.op("Mul", centred, centred), backward, axes);
        String inverse = inverse(variance, epsilon, backward);
        return new Standard(backward.op("Mul", centred, inverse), inverse);
    }

    /** Standardises by given statistics. */
    static Standard of(String x, String mean, String variance, double epsilon, Backward backward) {
        String inverse = inverse(variance, epsilon, backward);
        return new Standard(backward.op("Mul", backward.op("Sub", x, mean), inverse), inverse);
    }

    private static String inverse(String variance, double epsilon, Backward backward) {
        return backward.op("Reciprocal", backward.op("Sqrt", backward.op("Add", variance, backward.real(epsilon))));
    }

    private static String mean(String x, Backward backward, long... axes) {
        return backward.op("ReduceMean", List.of(attribute("axes", axes)), x);
    }

    /**
     * The gradient with respect to the tensor, given the gradient with respect to {@link #normal}, if the statistics
     * are the tensor's own: the given gradient without its components along the mean and along the standardised values
     * (Ioffe and Szegedy, "Batch Normalization", 2015, section 3).
     */
    String byInput(String gradient, Backward backward, long... axes) {
        String along = backward.op("Mul", normal, mean(backward.op("Mul", gradient, normal), backward, axes));
        String across = backward.op("Sub", gradient, mean(gradient, backward, axes));
        return backward.op("Mul", backward.op("Sub", across, along), inverse);
    }
}
