package io.headwater.adapt.race;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.task.LinearTarget;
import java.util.List;
import java.util.Optional;

/** The weights of the contender that leads a lane in closed form at its beginning. */
public final class FirstWeights {
    private FirstWeights() {}

    /**
     * Computes an output layer in closed form.
     *
     * @param kind form of the targets
     * @param width number of features of a row
     * @param samples all samples so far, each of one row of features or of one for each position
     * @param outputs number of outputs
     * @return the weights; empty when no sample has a target
     */
    public static Optional<LinearWeights> of(LinearTarget kind, int width, List<StoredSample> samples, int outputs) {
        SampleTargets targets = SampleTargets.of(kind, width, samples);
        if (targets.count() == 0) {
            return Optional.empty();
        }
        Moments moments = Moments.of(width);
        targets.addTo(moments);
        Rule rule = switch (kind) {
            case CLASSES -> Rule.LOGISTIC;
            case LABELS -> Rule.LABELS;
            case NUMBERS -> Rule.RIDGE;
        };
        return Optional.of(rule.solve(moments, targets, outputs));
    }
}
