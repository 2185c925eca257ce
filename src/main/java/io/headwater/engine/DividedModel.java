package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;

/**
 * A base model divided for one adaptation.
 *
 * @param backbone the frozen part
 * @param heads makes the trainable part
 */
public record DividedModel(Backbone backbone, Heads heads) implements AutoCloseable {

    /**
     * Divides a base model where the adaptation says.
     *
     * @param threads of one run of the frozen part, positive; the bits of features depend on it
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     * @throws BackboneException when the model is not what the manifest says
     */
    public static DividedModel open(BaseModelManifest manifest, AdaptationConfig config, int threads) {
        Backbone backbone = OnnxBackbone.open(manifest, threads);
        return new DividedModel(backbone, GraphHeads.of(config, backbone.width()));
    }

    @Override
    public void close() {
        heads.close();
        backbone.close();
    }
}
