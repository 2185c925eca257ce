package io.headwater.engine.model;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.engine.BackboneException;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.graph.GraphBaseModel;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.runtime.OnnxExport;
import io.headwater.engine.sound.AudioBackbone;
import io.headwater.engine.weights.Tensor;
import java.util.Map;

/** Makes complete models of a base model and what a version learned on it. */
public final class ModelExport {
    private ModelExport() {}

    /**
     * An ONNX file; see {@link OnnxExport#write}.
     *
     * @throws BackboneException when the base model is a graph model, or it cannot be exported
     */
    public static byte[] onnx(
            BaseModelManifest manifest,
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata) {
        if (GraphBaseModel.isOne(manifest)) {
            throw new BackboneException("base model '" + manifest.name()
                    + "' must be an ONNX model to export one, but is a graph model; choose the format dl4j");
        }
        return OnnxExport.write(
                AudioBackbone.exportable(manifest, config, output), config, output, parameters, metadata);
    }

    /**
     * A zip that Deeplearning4j's {@code ModelSerializer} reads, without anything of Java serialisation.
     *
     * @throws BackboneException when the base model is an ONNX model, or it cannot be exported
     */
    public static byte[] deeplearning4j(
            BaseModelManifest manifest,
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters) {
        if (!GraphBaseModel.isOne(manifest)) {
            throw new BackboneException("base model '" + manifest.name()
                    + "' must be a graph model to export one for Deeplearning4j, but is an ONNX model; choose the format"
                    + " onnx");
        }
        if (output.activation() != OutputActivation.SOFTMAX) {
            throw new BackboneException(
                    "a Deeplearning4j zip can be made of versions that tell classes apart, but this one"
                            + " has the task '" + config.task().key() + "'; choose the format safetensors");
        }
        try {
            return GraphBaseModel.zip(AudioBackbone.exportable(manifest, config, output), config, parameters);
        } catch (GraphException e) {
            throw new BackboneException(String.valueOf(e.getMessage()), e);
        }
    }
}
