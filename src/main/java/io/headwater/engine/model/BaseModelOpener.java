package io.headwater.engine.model;

import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.engine.BaseModel;
import io.headwater.engine.device.Compute;
import io.headwater.engine.graph.GraphBaseModel;
import io.headwater.engine.sound.SoundBaseModel;
import io.headwater.engine.sound.WindowModels;

/** Opens base models of every kind. */
public final class BaseModelOpener {
    private BaseModelOpener() {}

    /**
     * Returns the base model of {@code manifest}. Its files are read, and their digests checked, when it is divided or
     * exported.
     *
     * @param compute the resources that ONNX Runtime uses; the bits of features and heads depend on them
     */
    public static BaseModel open(BaseModelManifest manifest, Compute compute) {
        WindowModels library = GraphBaseModel.isOne(manifest) ? new GraphWindows() : new OnnxWindows(compute);
        BaseModel model = manifest.input() instanceof AudioInput audio
                ? new SoundBaseModel(manifest, audio, compute, library)
                : library.of(manifest);
        return new NamedBaseModel(manifest.name(), model);
    }
}
