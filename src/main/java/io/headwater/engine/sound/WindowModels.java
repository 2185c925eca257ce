package io.headwater.engine.sound;

import io.headwater.config.BaseModelManifest;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModel;
import io.headwater.engine.runtime.OnnxBackbone;

/** Opens the models that compute the features of windows, whatever library runs them. */
public interface WindowModels {

    /** Returns the base model of {@code windows}, whose input is a tensor. */
    BaseModel of(BaseModelManifest windows);

    /**
     * Opens the part of {@code windows} below {@code cut}, keeping all values of each frame.
     *
     * @throws BackboneException when the library provides only features of whole windows, or the model does not match
     *     its manifest
     */
    OnnxBackbone frames(BaseModelManifest windows, BackboneCut cut);
}
