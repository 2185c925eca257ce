package io.headwater.engine.graph;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import java.util.List;

/**
 * Where a graph base model is divided, and what new heads begin with.
 *
 * @param manifest of it
 * @param model that the manifest names
 * @param config which asks for the division
 */
record GraphDivision(BaseModelManifest manifest, GraphModel model, AdaptationConfig config) {

    /**
     * The output layer of the base model, where it is kept.
     *
     * @param feature the vertex that it reads
     * @param width features of one sample, pooled
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
     * The top that is trained.
     *
     * @throws ConfigurationException when the model has fewer blocks than shall be unfrozen, or the head is of another form
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
                output.objective());
    }

    private static List<String> above(List<String> blocks, String cut) {
        int at = blocks.indexOf(cut);
        return at < 0 ? List.of() : blocks.subList(0, at);
    }
}
