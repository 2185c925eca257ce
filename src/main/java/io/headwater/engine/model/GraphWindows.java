package io.headwater.engine.model;

import io.headwater.config.BaseModelManifest;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BaseModel;
import io.headwater.engine.graph.GraphBaseModel;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.engine.sound.WindowModels;

/** Opens graph models. */
record GraphWindows() implements WindowModels {
    @Override
    public BaseModel of(BaseModelManifest windows) {
        return new GraphBaseModel(windows);
    }

    @Override
    public OnnxBackbone frames(BaseModelManifest windows, BackboneCut cut) {
        throw GraphBaseModel.noPositions();
    }
}
