package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.FeaturesConfig.Precision;

/**
 * A base model divided for one adaptation.
 *
 * @param backbone the frozen part
 * @param heads makes the trainable part
 */
public record DividedModel(Backbone backbone, Heads heads) implements AutoCloseable {

    /** The same, its features rounded as {@code config} says. */
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
