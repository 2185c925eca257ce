package io.headwater.adapt.race;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.config.TrainingConfig.UnlabelledUse;

/**
 * What a configuration says about the way in which contenders solve for their weights.
 *
 * @param uniformPrior whether all classes are equally probable before a sample is seen
 * @param operations multiply-adds that each contender may take for each row on average
 * @param unlabelled what samples without a label are used for
 */
record Terms(boolean uniformPrior, long operations, UnlabelledUse unlabelled) {
    private static final long MILLION = 1_000_000;

    static Terms of(AdaptationConfig config, int contenders) {
        return new Terms(
                config.training().classWeights() == ClassWeights.BALANCED,
                config.head().operations() * MILLION / contenders,
                config.training().unlabelled());
    }
}
