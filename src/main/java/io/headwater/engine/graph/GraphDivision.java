package io.headwater.engine.graph;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import java.util.List;

/**
 * Determines where a graph base model is divided, and the initial output layer of new heads.
 *
 * @param manifest the manifest of the base model
 * @param model the model that the manifest refers to
 * @param config the adaptation that divides the model
 */
record GraphDivision(BaseModelManifest manifest, GraphModel model, AdaptationConfig config) {

    /**
     * Returns the output layer of the base model if the adaptation keeps it.
     *
     * @param feature the vertex that the output layer reads
     * @param width the number of features of one sample after pooling
     */
    PretrainedOutputLayer kept(String feature, int width) {
        return PretrainedOutputLayer.of(manifest, config, width, () -> {
            if (manifest.normalise()) {
                throw ConfigurationException.of(
                        "normalise of base model '%s' must be false with head.output-layer keep, as a graph model's own output layer reads features as they are, but is true; correct its manifest, or choose head.output-layer new"
                                .formatted(manifest.name()));
            }
            return GraphClassifier.read(model, feature, manifest.pooling());
        });
    }

    /**
     * Returns the form of the top that is trained.
     *
     * @throws ConfigurationException when the model has fewer blocks than the adaptation unfreezes, or the head
     *     settings are not supported
     */
    GraphTopForm top(OutputLayer output) {
        if (config.head().hidden() > 0 || manifest.normalise()) {
            throw ConfigurationException.of("an unfrozen top of a graph base model must have head.hidden 0 and features"
                    + " that are not normalised, but has head.hidden "
                    + config.head().hidden() + " and normalise "
                    + manifest.normalise());
        }
        List<String> blocks = manifest.blocks().isEmpty()
                ? GraphCut.blocks(model, manifest.cut(), manifest.pooling())
                : manifest.blocks();
        List<String> named = config.strategy().cuts();
        int unfrozen = config.strategy().blocks();
        if (named.isEmpty() && unfrozen > blocks.size()) {
            throw ConfigurationException.of(
                    "training.unfreeze must be at most %d, as many blocks as base model '%s' has below its features, but is %d"
                            .formatted(blocks.size(), manifest.name(), unfrozen));
        }
        String cut = named.isEmpty() ? blocks.get(unfrozen - 1) : named.get(0);
        return new GraphTopForm(
                model,
                cut,
                manifest.cut(),
                manifest.pooling(),
                config.training().learningRate(),
                config.optimiser(),
                config.strategy(),
                named.isEmpty() ? blocks.subList(0, unfrozen - 1) : above(blocks, cut),
                kept(manifest.cut(), GraphHeading.width(model, manifest.cut(), manifest.pooling())),
                output.objective(),
                config.training().gradients());
    }

    private static List<String> above(List<String> blocks, String cut) {
        int at = blocks.indexOf(cut);
        return at < 0 ? List.of() : blocks.subList(0, at);
    }
}
