package io.headwater.engine.graph;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModelDigest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.weights.ModelFiles;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Base models in the project's own form of graph models. */
public final class GraphBaseModel {
    private static final int MAX_MODEL_BYTES = 1 << 30;
    public static final String ENDING = ".safetensors";

    private GraphBaseModel() {}

    /** Whether the file of {@code manifest} is of that form; ONNX files are not. */
    public static boolean isOne(BaseModelManifest manifest) {
        return manifest.model().location().endsWith(ENDING);
    }

    /** The model of {@code manifest}, its file checked against the digest. */
    public static GraphModel model(BaseModelManifest manifest) {
        return GraphModel.read(ModelFiles.read(manifest.model(), MAX_MODEL_BYTES));
    }

    /** Divides the model where {@code config} says. */
    public static DividedModel divide(BaseModelManifest manifest, AdaptationConfig config, OutputLayer output) {
        if (output.everyPosition()) {
            throw noPositions();
        }
        List<String> mixed = config.strategy().top().scalarMix();
        if (!mixed.isEmpty()) {
            throw ConfigurationException.of(
                    "training.scalar-mix must be empty with the graph base model '%s', whose heads read one vertex, but is %s; leave it out or take an ONNX model"
                            .formatted(manifest.name(), mixed));
        }
        GraphModel model = model(manifest);
        List<String> named = config.strategy().cuts();
        if (named.size() > 1) {
            throw ConfigurationException.of("cut must be one vertex of a graph base model, but is " + named);
        }
        if (config.strategy().strategy() == Strategy.LINEAR_PROBE) {
            String cut = named.isEmpty() ? manifest.cut() : named.get(0);
            Backbone backbone = GraphBackbone.open(
                    model,
                    manifest.input(),
                    cut,
                    manifest.pooling(),
                    manifest.normalise(),
                    BaseModelDigest.digest(manifest, BackboneCut.pooled(cut)));
            try {
                PretrainedOutputLayer kept = kept(manifest, config, model, cut, backbone.width());
                return new DividedModel(backbone, GraphHeads.of(config, backbone.width(), output, kept));
            } catch (RuntimeException e) {
                backbone.close();
                throw e;
            }
        }
        GraphTopHead.Form form = form(manifest, config, output, model);
        Backbone backbone = GraphBackbone.open(
                model,
                manifest.input(),
                form.cut(),
                Pooling.NONE,
                false,
                BaseModelDigest.digest(manifest, BackboneCut.unpooled(List.of(form.cut()))));
        return new DividedModel(backbone, new GraphTopHeads(form));
    }

    public static BackboneException noPositions() {
        return new BackboneException("a graph base model gives features of whole samples, but the task says something"
                + " of every token or frame; use the model in ONNX");
    }

    private static PretrainedOutputLayer kept(
            BaseModelManifest manifest, AdaptationConfig config, GraphModel model, String feature, int width) {
        return PretrainedOutputLayer.of(manifest, config, width, () -> {
            if (manifest.normalise()) {
                throw ConfigurationException.of(
                        "normalise of base model '%s' must be false with head.output-layer keep, as a graph model's own output layer reads features as they are, but is true; correct its manifest, or choose head.output-layer new"
                                .formatted(manifest.name()));
            }
            return GraphClassifier.read(model, feature, manifest.pooling());
        });
    }

    private static GraphTopHead.Form form(
            BaseModelManifest manifest, AdaptationConfig config, OutputLayer output, GraphModel model) {
        if (config.head().hidden() > 0 || manifest.normalise()) {
            throw ConfigurationException.of("an unfrozen top of a graph base model must have head.hidden 0 and features"
                    + " that are not normalised, but has head.hidden "
                    + config.head().hidden() + " and normalise "
                    + manifest.normalise());
        }
        List<String> blocks = manifest.blocks().isEmpty() ? blocks(manifest, model) : manifest.blocks();
        List<String> named = config.strategy().cuts();
        int unfrozen = config.strategy().blocks();
        if (named.isEmpty() && unfrozen > blocks.size()) {
            throw ConfigurationException.of(
                    "training.unfreeze must be at most %d, as many blocks as base model '%s' has below its features, but is %d"
                            .formatted(blocks.size(), manifest.name(), unfrozen));
        }
        String cut = named.isEmpty() ? blocks.get(unfrozen - 1) : named.get(0);
        return new GraphTopHead.Form(
                model,
                cut,
                manifest.cut(),
                manifest.pooling(),
                config.training().learningRate(),
                config.optimiser(),
                config.strategy(),
                named.isEmpty() ? blocks.subList(0, unfrozen - 1) : above(blocks, cut),
                kept(manifest, config, model, manifest.cut(), width(model, manifest)),
                output.objective());
    }

    /** The features of one sample, pooled. */
    private static int width(GraphModel model, BaseModelManifest manifest) {
        return GraphHeading.width(model, manifest.cut(), manifest.pooling());
    }

    private static List<String> above(List<String> blocks, String cut) {
        int at = blocks.indexOf(cut);
        return at < 0 ? List.of() : blocks.subList(0, at);
    }

    /** From the top down, the vertices below each part with parameters. */
    public static List<String> blocks(BaseModelManifest manifest, GraphModel model) {
        return blocks(model, manifest.cut(), manifest.pooling());
    }

    public static List<String> blocks(GraphModel model, String feature, Pooling pooling) {
        List<GraphCut.Cut> cuts = GraphCut.cuts(GraphHeading.headed(model, feature, pooling, 1));
        List<String> blocks = new ArrayList<>();
        long before = -1;
        for (int i = cuts.size() - 1; i >= 0; i--) {
            GraphCut.Cut cut = cuts.get(i);
            if (before >= 0 && cut.parametersAbove() > before) {
                blocks.add(cut.name());
            }
            before = before < 0 && !cut.name().equals(feature) ? before : Math.max(before, cut.parametersAbove());
        }
        return blocks;
    }

    /** A Deeplearning4j zip of the model with what a version learned. */
    public static byte[] zip(BaseModelManifest manifest, AdaptationConfig config, Map<String, Tensor.F32> parameters) {
        GraphModel model = model(manifest);
        if (manifest.normalise() || config.head().hidden() > 0) {
            throw new BackboneException(
                    "a Deeplearning4j zip can be made of versions with head.hidden 0 and features that"
                            + " are not normalised, but this one has head.hidden "
                            + config.head().hidden() + " and normalise "
                            + manifest.normalise());
        }
        List<String> named = config.strategy().cuts();
        boolean probe = config.strategy().strategy() == Strategy.LINEAR_PROBE;
        String feature = probe && !named.isEmpty() ? named.get(0) : manifest.cut();
        Tensor.F32 bias = parameters.get("output/b");
        if (bias == null) {
            throw new BackboneException("a head must have 'output/b', but has none; it was not written by Headwater");
        }
        return GraphExport.zip(GraphHeading.headed(model, feature, manifest.pooling(), bias.values().length)
                .with(parameters));
    }
}
