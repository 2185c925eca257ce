package io.headwater.engine.runtime;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.config.ImageInput;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.engine.onnx.Block;
import io.headwater.engine.onnx.Blocks;
import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.NearestNames;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.top.ScalarMix;
import io.headwater.engine.top.Segment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.ModelProto;

/**
 * The division of a model into a frozen part and a top that is trained.
 *
 * @param cut the tensors that the top reads
 * @param features the tensor above the cut that becomes features
 * @param boundaries the cuts between the blocks of the top, from the top down
 * @param pooled whether the tensors of the cut are pooled before the top reads them; never with blocks above the cut
 */
record ModelDivision(List<String> cut, String features, List<List<String>> boundaries, boolean pooled) {

    /**
     * Returns the model that an adaptation divides: {@code model}, with a scalar mix appended if it is configured.
     *
     * @throws ConfigurationException when the model does not compute a tensor of the mix, or has one already
     */
    static ModelProto whole(BaseModelManifest manifest, AdaptationConfig config, ModelProto model) {
        List<String> mixed = config.strategy().top().scalarMix();
        Set<String> computed = new HashSet<>();
        model.getGraph().getNodeList().forEach(node -> computed.addAll(node.getOutputList()));
        if (!mixed.isEmpty() && computed.contains(ScalarMix.OUTPUT)) {
            throw ConfigurationException.of(
                    "training.scalar-mix must be empty with base model '%s', which was exported with a mix, '%s', but is %s; leave it out or take the model that it was adapted from"
                            .formatted(manifest.name(), ScalarMix.OUTPUT, mixed));
        }
        for (String tensor : mixed) {
            if (!computed.contains(tensor)) {
                throw ConfigurationException.of(
                        "training.scalar-mix must name tensors that a node of base model '%s' computes, but none computes '%s'; the nearest names are %s"
                                .formatted(manifest.name(), tensor, NearestNames.of(tensor, computed)));
            }
        }
        return ScalarMix.appended(model, mixed);
    }

    /**
     * Returns the division for an adaptation.
     *
     * @param model the model returned by {@link #whole}
     * @throws ConfigurationException when the model has fewer blocks than the adaptation unfreezes
     */
    static ModelDivision of(BaseModelManifest manifest, AdaptationConfig config, ModelProto model) {
        List<String> mixed = config.strategy().top().scalarMix();
        if (!mixed.isEmpty()) {
            return new ModelDivision(mixed, ScalarMix.OUTPUT, List.of(), true);
        }
        List<String> named = config.strategy().cuts();
        if (config.strategy().strategy() == Strategy.LINEAR_PROBE) {
            return probe(named.isEmpty() ? manifest.cut() : named.get(0));
        }
        List<List<String>> blocks = blocks(manifest, model);
        if (!named.isEmpty()) {
            return new ModelDivision(named, manifest.cut(), blocks, false);
        }
        int unfrozen = config.strategy().blocks();
        if (blocks.isEmpty()) {
            throw ConfigurationException.of(
                    "training.unfreeze must be left out, as base model '%s' has no cut below its features above which layers could be trained%s, but is %d; choose training.strategy linear-probe ('headwater models inspect' tells why of each layer)"
                            .formatted(manifest.name(), insideSubgraph(manifest, model), unfrozen));
        }
        if (unfrozen > blocks.size()) {
            throw ConfigurationException.of(
                    "training.unfreeze must be at most %d, as many blocks as base model '%s' has below its features, but is %d"
                            .formatted(blocks.size(), manifest.name(), unfrozen));
        }
        return new ModelDivision(blocks.get(unfrozen - 1), manifest.cut(), blocks.subList(0, unfrozen - 1), false);
    }

    /**
     * Returns the division of a linear probe: everything below {@code tensor} is frozen, and {@code tensor} becomes
     * the features without further layers.
     */
    private static ModelDivision probe(String tensor) {
        return new ModelDivision(List.of(tensor), tensor, List.of(), false);
    }

    /**
     * Returns the part of {@code model} that is trained, from the cut to the features. For a linear probe, it contains
     * at most a scalar mix.
     *
     * @param model the model returned by {@link #whole}
     * @throws io.headwater.engine.top.TopException when the cut does not separate the features from the inputs that
     *     carry the sample
     */
    Segment segment(BaseModelManifest manifest, ModelProto model) {
        return Segment.of(model, cut, features, sampleInputs(manifest));
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

    /** Returns which node's subgraph computes the features; empty if none does. */
    private static String insideSubgraph(BaseModelManifest manifest, ModelProto model) {
        OnnxGraph graph = OnnxGraph.of(model.getGraph());
        return graph.needs(manifest.cut(), Set.of()).stream()
                .map(graph::producer)
                .filter(node ->
                        node != null && node.getAttributeList().stream().anyMatch(attribute -> attribute.hasG()))
                .findFirst()
                .map(node -> " (node '%s' computes them in a subgraph)".formatted(node.getName()))
                .orElse("");
    }

    /** Returns the inputs that carry the sample. */
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
