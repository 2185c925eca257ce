package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.FeaturesConfig.Precision;

/**
 * A base model divided for one adaptation.
 *
 * @param backbone the frozen part
 * @param heads creates the trainable part
 */
public record DividedModel(Backbone backbone, Heads heads) implements AutoCloseable {

    /** Returns the same model with its features rounded to the precision of {@code config}. */
    public DividedModel precise(AdaptationConfig config) {
        return config.features().precision() == Precision.FLOAT16
                ? new DividedModel(new HalfBackbone(backbone), heads)
                : this;
    }

    @Override
    public void close() {
        heads.close();
        backbone.close();
    }
}
