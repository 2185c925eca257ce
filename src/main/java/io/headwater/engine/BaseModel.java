package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * One base model, which can be divided at different cuts for several adaptations or contenders, and exported with what a
 * version learned on it. It holds no files and no native memory: each division reads the model's files, checks their digests
 * and owns what it opens. Safe for use by several threads.
 */
public interface BaseModel {

    /**
     * Divides the base model where the adaptation says.
     *
     * @param output the output layer that the task puts on it
     * @return backbone and heads, which the caller closes
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     * @throws BackboneException when the model is not what its manifest says, or cannot be trained above the cut
     * @throws io.headwater.config.ConfigurationException when it has fewer blocks than shall be unfrozen
     */
    DividedModel divide(AdaptationConfig config, OutputLayer output);

    /** As {@link #divide(AdaptationConfig, OutputLayer)}, to tell classes apart. */
    default DividedModel divide(AdaptationConfig config) {
        return divide(config, OutputLayer.CLASSES);
    }

    /**
     * A complete ONNX model: base model, what was trained and the output layer.
     *
     * @param config with which the version was learned
     * @param output its output layer
     * @param parameters of the version's head
     * @param metadata written into the file's own metadata
     * @return an ONNX file
     * @throws io.headwater.domain.ArtifactException when a file of the base model is missing or has another digest
     * @throws BackboneException when the base model is a graph model, the version was not learned on it, or it cannot be
     *     exported
     */
    byte[] onnx(
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata);

    /**
     * A zip that Deeplearning4j's {@code ModelSerializer} reads, without anything of Java serialisation.
     *
     * @param config with which the version was learned
     * @param output its output layer
     * @param parameters of the version's head
     * @return a zip file
     * @throws io.headwater.domain.ArtifactException when a file of the base model is missing or has another digest
     * @throws BackboneException when the base model is an ONNX model, or the version cannot be exported
     */
    byte[] deeplearning4j(AdaptationConfig config, OutputLayer output, Map<String, Tensor.F32> parameters);
}
