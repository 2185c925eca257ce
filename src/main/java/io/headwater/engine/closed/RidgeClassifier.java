package io.headwater.engine.closed;

/**
 * Ridge regression of the indicators of classes on features (closed form as in Zhuang et al. 2022, "ACIL", and McDonnell
 * et al. 2023, "RanPAC"). The class with the largest predicted indicator is decided for, so that the prior is the
 * stream's; {@link Discriminant} can have another one.
 *
 * <p>The predicted indicators are multiplied so that the logits are those of linear discriminant analysis if classes
 * are Gaussian with one covariance and of one size.
 *
 * @param penalty what is added to the scatter of each feature, relative to the mean scatter of a feature; positive
 */
public record RidgeClassifier(double penalty) implements ClosedForm {

    /** Creates a classifier. */
    public RidgeClassifier {
        if (!(penalty > 0)) {
            throw new IllegalArgumentException("the penalty must be positive, but is " + penalty);
        }
    }

    @Override
    public LinearWeights solve(CentredMoments moments) {
        RidgeFit fit = RidgeFit.ofPenalty(moments, penalty);
        double[] frequencies = moments.targetMean();
        int present = 0;
        double concentration = 0;
        for (double frequency : frequencies) {
            present += frequency > 0 ? 1 : 0;
            concentration += frequency * frequency;
        }
        double scale = present == 0 ? 0 : 1 / (concentration * fit.unexplained(moments));
        double[] directions = fit.directions().clone();
        double[] heights = new double[frequencies.length];
        for (int output = 0; output < heights.length; output++) {
            heights[output] = scale * frequencies[output];
            for (int i = output * moments.width(); i < (output + 1) * moments.width(); i++) {
                directions[i] *= scale;
            }
        }
        // The predicted indicators of the other classes have a sum of 1 for any features.
        AbsentClasses.place(heights, frequencies, scale / Math.max(1, present));
        return LinearWeights.at(moments, directions, heights);
    }
}
