package io.headwater.engine.sound;

import io.headwater.config.BaseModelManifest;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModel;
import io.headwater.engine.runtime.OnnxBackbone;

/** Opens the models that read the windows of sounds, whatever library runs them. */
public interface WindowModels {

    /** The base model of {@code windows}, whose input is tensors. */
    BaseModel of(BaseModelManifest windows);

    /**
     * The part of {@code windows} below {@code cut}, which keeps all values of each frame.
     *
     * @throws BackboneException when the library gives features of whole windows alone, or the model is not what its manifest
     *     says
     */
    OnnxBackbone frames(BaseModelManifest windows, BackboneCut cut);
}
