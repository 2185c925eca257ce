package io.headwater.engine.model;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModel;
import io.headwater.engine.DividedModel;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * Adds what all kinds of base models have in common: errors of a division name the base model, features have the
 * precision that the adaptation requests, and training recalls former logits if it demands this.
 *
 * @param name the name of the base model
 * @param model the base model itself
 */
record NamedBaseModel(String name, BaseModel model) implements BaseModel {
    @Override
    public DividedModel divide(AdaptationConfig config, OutputLayer output) {
        try {
            return model.divide(config, output.recalling(config)).precise(config);
        } catch (OnnxException | BackboneException e) {
            throw new BackboneException("base model '" + name + "': " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] onnx(
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata) {
        return model.onnx(config, output, parameters, metadata);
    }

    @Override
    public byte[] deeplearning4j(AdaptationConfig config, OutputLayer output, Map<String, Tensor.F32> parameters) {
        return model.deeplearning4j(config, output, parameters);
    }
}
