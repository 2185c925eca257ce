package io.headwater.adapt.ask;

import java.util.Collection;

/**
 * A request that was answered, as the score of its label needs it.
 *
 * @param probabilities of its answer, where one class is right; empty where it has none
 * @param risk probability that its answer is wrong, which stands for the doubt where there are no probabilities of classes; NaN where
 *     it is not known
 * @param features of its payload
 * @param disagreement of the contenders of the lane on the answer, 0 to 1; NaN where the version that answered has none with it, or
 *     nobody wants to know
 */
public record AnsweredRequest(Collection<Float> probabilities, double risk, float[] features, double disagreement) {

    /** Creates one of which it is not known whether contenders disagree. */
    public AnsweredRequest(Collection<Float> probabilities, double risk, float[] features) {
        this(probabilities, risk, features, Double.NaN);
    }
}
