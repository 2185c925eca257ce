package io.headwater.engine.closed;

/**
 * Linear discriminant analysis of each label of several, whose logits are for independent sigmoids. The covariance of
 * all features, with the strength of regularisation of {@link RidgeFit}, is common to the labels; from it, the
 * covariance within the two classes of a label follows by removing what lies between their means (Sherman and Morrison
 * 1950). As in {@link ShrunkCovariance}, regularisation keeps the mean variance.
 *
 * <p>A label that no row has, or every row, is predicted by its frequency alone.
 */
public record LabelDiscriminant() implements ClosedForm {

    @Override
    public LinearWeights solve(CentredMoments moments) {
        RidgeFit fit = RidgeFit.of(moments, true);
        double rows = moments.rows();
        double kept = fit.keptVariance(moments);
        double[] directions = fit.directions().clone();
        double[] heights = new double[moments.outputs()];
        for (int label = 0; label < heights.length; label++) {
            double with = Math.max(0, Math.min(rows, Math.rint(moments.targetMean()[label] * rows)));
            double without = rows - with;
            heights[label] = StrictMath.log((with + 1) / (without + 1));
            if (with > 0 && without > 0) {
                double scale = rows * rows / (with * without) / fit.unexplained(moments, label) / kept;
                double middle = 0;
                for (int i = label * moments.width(); i < (label + 1) * moments.width(); i++) {
                    directions[i] *= scale;
                    middle += directions[i] * moments.cross()[i] * (1 / with - 1 / without) / 2;
                }
                heights[label] -= middle;
            }
        }
        return LinearWeights.at(moments, directions, heights);
    }
}
