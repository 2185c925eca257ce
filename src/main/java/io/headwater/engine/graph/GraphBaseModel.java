package io.headwater.engine.graph;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModel;
import io.headwater.engine.BaseModelDigest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.weights.ModelFiles;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A base model in Headwater's own graph format. Error messages do not name the base model; the caller adds its name.
 *
 * @param manifest the manifest of the base model, whose input must not be audio
 */
public record GraphBaseModel(BaseModelManifest manifest) implements BaseModel {
    /** File name suffix of graph models. */
    public static final String ENDING = ".safetensors";

    private static final int MAX_MODEL_BYTES = 1 << 30;

    /** Whether the file of {@code manifest} is a graph model, according to its suffix. */
    public static boolean isOne(BaseModelManifest manifest) {
        return manifest.model().location().endsWith(ENDING);
    }

    /** Reads the model of {@code manifest} and checks its file against the digest. */
    public static GraphModel model(BaseModelManifest manifest) {
        return GraphModel.read(ModelFiles.read(manifest.model(), MAX_MODEL_BYTES));
    }

    /**
     * Returns the exception for tasks that need features of single tokens or frames, which graph models do not
     * provide.
     */
    public static BackboneException noPositions() {
        return new BackboneException("a graph base model gives features of whole samples, but the task says something"
                + " of every token or frame; use the model in ONNX");
    }

    @Override
    public DividedModel divide(AdaptationConfig config, OutputLayer output) {
        if (output.everyPosition()) {
            throw noPositions();
        }
        List<String> mixed = config.strategy().top().scalarMix();
        if (!mixed.isEmpty()) {
            throw ConfigurationException.of(
                    "training.scalar-mix must be empty with the graph base model '%s', whose heads read one vertex, but is %s; leave it out or take an ONNX model"
                            .formatted(manifest.name(), mixed));
        }
        try {
            GraphDivision division = new GraphDivision(manifest, model(manifest), config);
            if (config.strategy().cuts().size() > 1) {
                throw ConfigurationException.of("cut must be one vertex of a graph base model, but is "
                        + config.strategy().cuts());
            }
            return config.strategy().strategy() == Strategy.LINEAR_PROBE
                    ? probe(division, output)
                    : fineTune(division, output);
        } catch (GraphException e) {
            throw new BackboneException(String.valueOf(e.getMessage()), e);
        }
    }

    private DividedModel probe(GraphDivision division, OutputLayer output) {
        String cut = probed(division.config());
        Backbone backbone =
                backbone(division.model(), BackboneCut.pooled(cut), manifest.pooling(), manifest.normalise());
        try {
            PretrainedOutputLayer kept = division.kept(cut, backbone.width());
            return new DividedModel(backbone, GraphHeads.of(division.config(), backbone.width(), output, kept));
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    private DividedModel fineTune(GraphDivision division, OutputLayer output) {
        GraphTopForm top = division.top(output);
        BackboneCut cut = BackboneCut.unpooled(List.of(top.cut()));
        return new DividedModel(backbone(division.model(), cut, Pooling.NONE, false), new GraphTopHeads(top));
    }

    private Backbone backbone(GraphModel model, BackboneCut cut, Pooling pooling, boolean normalise) {
        return GraphBackbone.open(
                model,
                manifest.input(),
                cut.tensors().get(0),
                pooling,
                normalise,
                BaseModelDigest.digest(manifest, cut));
    }

    /** The vertex that a linear probe reads. */
    private String probed(AdaptationConfig config) {
        List<String> named = config.strategy().cuts();
        return named.isEmpty() ? manifest.cut() : named.get(0);
    }

    /** {@inheritDoc} Always throws, because graph models cannot be exported to ONNX. */
    @Override
    public byte[] onnx(
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata) {
        throw new BackboneException("base model '" + manifest.name()
                + "' must be an ONNX model to export one, but is a graph model; choose the format dl4j");
    }

    @Override
    public byte[] deeplearning4j(AdaptationConfig config, OutputLayer output, Map<String, Tensor.F32> parameters) {
        if (output.activation() != OutputActivation.SOFTMAX) {
            throw new BackboneException(
                    "a Deeplearning4j zip can be made of versions that tell classes apart, but this one"
                            + " has the task '" + config.task().key() + "'; choose the format safetensors");
        }
        try {
            return zip(config, parameters);
        } catch (GraphException e) {
            throw new BackboneException(String.valueOf(e.getMessage()), e);
        }
    }

    private byte[] zip(AdaptationConfig config, Map<String, Tensor.F32> parameters) {
        GraphModel model = model(manifest);
        if (manifest.normalise() || config.head().hidden() > 0) {
            throw new BackboneException(
                    "a Deeplearning4j zip can be made of versions with head.hidden 0 and features that"
                            + " are not normalised, but this one has head.hidden "
                            + config.head().hidden() + " and normalise "
                            + manifest.normalise());
        }
        String feature = config.strategy().strategy() == Strategy.LINEAR_PROBE ? probed(config) : manifest.cut();
        Tensor.F32 bias = parameters.get("output/b");
        if (bias == null) {
            throw new BackboneException("a head must have 'output/b', but has none; it was not written by Headwater");
        }
        return GraphExport.zip(GraphHeading.headed(model, feature, manifest.pooling(), bias.values().length)
                .with(parameters));
    }
}
