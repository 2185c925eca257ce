package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * A base model. It can be divided at different cuts for several adaptations or contenders, and exported together with
 * the parameters of a version. It holds no files and no native memory: each division reads the model's files, checks
 * their digests and owns the resources that it opens. Safe for use by several threads.
 */
public interface BaseModel {

    /**
     * Divides the base model at the cut of the adaptation.
     *
     * @param output the output layer of the task
     * @return backbone and heads, which the caller closes
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     * @throws BackboneException when the model does not match its manifest, or cannot be trained above the cut
     * @throws io.headwater.config.ConfigurationException when the model has fewer blocks than the adaptation unfreezes
     */
    DividedModel divide(AdaptationConfig config, OutputLayer output);

    /** As {@link #divide(AdaptationConfig, OutputLayer)}, for classification. */
    default DividedModel divide(AdaptationConfig config) {
        return divide(config, OutputLayer.CLASSES);
    }

    /**
     * Returns a complete ONNX model that contains the base model, the trained parameters and the output layer.
     *
     * @param config the configuration that the version was trained with
     * @param output the output layer of the task
     * @param parameters the parameters of the version's head
     * @param metadata the entries to write to the metadata of the file
     * @return an ONNX file
     * @throws io.headwater.domain.ArtifactException when a file of the base model is missing or has another digest
     * @throws BackboneException when the base model is a graph model, the version was not trained on it, or it cannot
     *     be exported
     */
    byte[] onnx(
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata);

    /**
     * Returns a zip that Deeplearning4j's {@code ModelSerializer} reads, without serialised Java objects.
     *
     * @param config the configuration that the version was trained with
     * @param output the output layer of the task
     * @param parameters the parameters of the version's head
     * @return a zip file
     * @throws io.headwater.domain.ArtifactException when a file of the base model is missing or has another digest
     * @throws BackboneException when the base model is an ONNX model, or the version cannot be exported
     */
    byte[] deeplearning4j(AdaptationConfig config, OutputLayer output, Map<String, Tensor.F32> parameters);
}
