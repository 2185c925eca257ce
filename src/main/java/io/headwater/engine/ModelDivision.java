package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.TensorInput;
import io.headwater.config.BaseModelManifest.TextInput;
import io.headwater.config.ConfigurationException;
import io.headwater.engine.onnx.Block;
import io.headwater.engine.onnx.Blocks;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.Cut;
import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.ModelProto;

/**
 * Where a model is divided so that its top can be trained.
 *
 * @param cut the tensors below the top
 * @param boundaries cuts between its blocks, from the top down
 */
record ModelDivision(List<String> cut, List<List<String>> boundaries) {

    /**
     * The division that an adaptation asks for.
     *
     * @throws ConfigurationException when the model has fewer blocks
     */
    static ModelDivision of(BaseModelManifest manifest, AdaptationConfig config, ModelProto model) {
        List<List<String>> blocks = blocks(manifest, model);
        List<String> named = config.strategy().cuts();
        if (!named.isEmpty()) {
            return new ModelDivision(named, blocks);
        }
        int unfrozen = config.strategy().blocks();
        if (unfrozen > blocks.size()) {
            throw ConfigurationException.of(
                    "training.unfreeze must be at most %d, as many blocks as base model '%s' has below its features, but is %d"
                            .formatted(blocks.size(), manifest.name(), unfrozen));
        }
        return new ModelDivision(blocks.get(unfrozen - 1), blocks.subList(0, unfrozen - 1));
    }

    private static List<List<String>> blocks(BaseModelManifest manifest, ModelProto model) {
        List<List<String>> blocks = new ArrayList<>();
        if (!manifest.blocks().isEmpty()) {
            manifest.blocks().forEach(entry -> blocks.add(List.of(entry.split("\\+"))));
            return blocks;
        }
        OnnxGraph graph = OnnxGraph.of(model.getGraph());
        for (Block block : Blocks.below(graph, sampleInputs(manifest), List.of(manifest.cut()))) {
            block.below().map(Cut::tensors).ifPresent(blocks::add);
        }
        return blocks;
    }

    /** The inputs that carry the sample. */
    static List<String> sampleInputs(BaseModelManifest manifest) {
        if (manifest.input() instanceof TextInput text) {
            return List.of(text.ids());
        }
        if (manifest.input() instanceof TensorInput tensor) {
            return List.of(tensor.name());
        }
        return List.of(((ImageInput) manifest.input()).name());
    }
}
