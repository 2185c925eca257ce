package io.headwater.engine.model;

import io.headwater.config.BaseModelManifest;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BaseModel;
import io.headwater.engine.device.Compute;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.engine.runtime.OnnxBaseModel;
import io.headwater.engine.sound.WindowModels;

/**
 * Opens ONNX models.
 *
 * @param compute the resources that they run on
 */
record OnnxWindows(Compute compute) implements WindowModels {
    @Override
    public BaseModel of(BaseModelManifest windows) {
        return new OnnxBaseModel(windows, compute);
    }

    @Override
    public OnnxBackbone frames(BaseModelManifest windows, BackboneCut cut) {
        return OnnxBackbone.open(windows, cut, compute);
    }
}
