package io.headwater.engine.closed;

/**
 * Ridge regression of numbers on features (closed form as in Zhuang et al. 2022, "ACIL"; strength by {@link RidgeFit}).
 * The outputs are the predicted numbers.
 */
public record Ridge() implements ClosedForm {

    @Override
    public LinearWeights solve(CentredMoments moments) {
        return LinearWeights.at(moments, RidgeFit.of(moments, false).directions(), moments.targetMean());
    }
}
