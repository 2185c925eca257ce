package io.headwater.engine.model;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.DividedModel;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.device.Compute;
import io.headwater.engine.gradient.GradientException;
import io.headwater.engine.graph.GraphBaseModel;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.runtime.LowestCut;
import io.headwater.engine.runtime.ModelDivision;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.engine.runtime.OnnxHeads;
import io.headwater.engine.runtime.PassageBackbone;
import io.headwater.engine.sound.AudioBackbone;
import io.headwater.engine.top.ClassifierReader;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import java.util.List;
import onnx.Onnx.ModelProto;
import org.jboss.logging.Logger;

/** Opens base models and divides them. */
public final class ModelOpener {
    private static final Logger LOG = Logger.getLogger(ModelOpener.class);

    private ModelOpener() {}

    /**
     * Divides a base model where the adaptation says.
     *
     * @param output what the output layer is for
     * @param compute what ONNX Runtime runs on; bits depend on it
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     * @throws BackboneException when the model is not what the manifest says, or cannot be trained above the cut
     * @throws io.headwater.config.ConfigurationException when it has fewer blocks than shall be unfrozen
     */
    public static DividedModel open(
            BaseModelManifest manifest, AdaptationConfig config, OutputLayer output, Compute compute) {
        try {
            DividedModel divided = manifest.input() instanceof AudioInput audio
                    ? ofAudio(manifest, audio, config, output, compute)
                    : divided(manifest, config, output, compute);
            return divided.precise(config);
        } catch (OnnxException | TopException | GraphException | BackboneException e) {
            throw new BackboneException("base model '" + manifest.name() + "': " + e.getMessage(), e);
        }
    }

    /** As {@link #open(BaseModelManifest, AdaptationConfig, OutputLayer, Compute)}, to tell classes apart. */
    public static DividedModel open(BaseModelManifest manifest, AdaptationConfig config, Compute compute) {
        return open(manifest, config, OutputLayer.CLASSES, compute);
    }

    private static DividedModel divided(
            BaseModelManifest manifest, AdaptationConfig config, OutputLayer output, Compute compute) {
        return GraphBaseModel.isOne(manifest)
                ? GraphBaseModel.divide(manifest, config, output)
                : ofOnnx(manifest, config, output, compute);
    }

    /** What is divided reads windows; a clip is cut into them below it. */
    private static DividedModel ofAudio(
            BaseModelManifest manifest,
            AudioInput given,
            AdaptationConfig config,
            OutputLayer output,
            Compute compute) {
        AudioInput audio = output.everyPosition() ? given.withSilence() : given;
        if (config.strategy().strategy() == Strategy.LINEAR_PROBE && output.everyPosition()) {
            return ofFrames(manifest, audio, config, output, compute);
        }
        if (config.strategy().strategy() == Strategy.LINEAR_PROBE) {
            requireNewOutputLayer(config, "a clip of several windows has pooled features");
            DividedModel windows = divided(AudioBackbone.ofWindows(manifest, audio, false), config, output, compute);
            windows.heads().close();
            AudioBackbone backbone = AudioBackbone.pooled(windows.backbone(), audio, manifest.normalise(), compute);
            return new DividedModel(
                    backbone, GraphHeads.of(config, backbone.width(), output, PretrainedOutputLayer.NONE));
        }
        if (output.everyPosition()) {
            requireNewOutputLayer(config, "the task reads features of every frame");
        }
        DividedModel windows =
                divided(AudioBackbone.ofWindows(manifest, audio, manifest.normalise()), config, output, compute);
        try {
            return new DividedModel(AudioBackbone.single(windows.backbone(), audio, compute), windows.heads());
        } catch (RuntimeException e) {
            windows.heads().close();
            throw e;
        }
    }

    /** An output layer reads each frame of a clip. */
    private static DividedModel ofFrames(
            BaseModelManifest manifest,
            AudioInput audio,
            AdaptationConfig config,
            OutputLayer output,
            Compute compute) {
        requireNewOutputLayer(config, "the task reads features of every frame");
        List<String> mixed = config.strategy().top().scalarMix();
        if (!mixed.isEmpty()) {
            throw ConfigurationException.of(
                    "training.scalar-mix must be empty with a task that says something of every frame, but is " + mixed
                            + "; leave it out");
        }
        BaseModelManifest ofWindows = AudioBackbone.ofWindows(manifest, audio, false);
        if (GraphBaseModel.isOne(manifest)) {
            throw GraphBaseModel.noPositions();
        }
        List<String> cuts = config.strategy().cuts();
        BackboneCut cut = BackboneCut.unpooled(cuts.isEmpty() ? List.of(manifest.cut()) : cuts);
        AudioBackbone backbone = AudioBackbone.ofFrames(OnnxBackbone.open(ofWindows, cut, compute), audio, compute);
        return new DividedModel(backbone, GraphHeads.of(config, backbone.width(), output, PretrainedOutputLayer.NONE));
    }

    private static void requireNewOutputLayer(AdaptationConfig config, String why) {
        if (config.head().outputLayer() == HeadConfig.OutputLayerChoice.KEEP) {
            throw ConfigurationException.of("head.output-layer must be new, because " + why
                    + " that no layer of the base model reads, but is keep; choose new");
        }
    }

    private static DividedModel ofOnnx(
            BaseModelManifest manifest, AdaptationConfig config, OutputLayer output, Compute compute) {
        boolean mixes = !config.strategy().top().scalarMix().isEmpty();
        if (config.strategy().strategy() == Strategy.LINEAR_PROBE && !mixes) {
            List<String> cuts = config.strategy().cuts();
            List<String> cut = cuts.isEmpty() ? List.of(manifest.cut()) : cuts;
            BackboneCut divided = new BackboneCut(cut, !output.everyPosition());
            return probed(manifest, config, output, OnnxBackbone.open(manifest, divided, compute), cut.get(0));
        }
        try {
            return aboveCut(manifest, config, output, compute);
        } catch (GradientException e) {
            throw new BackboneException(e.getMessage() + advice(manifest, config, output, compute, e.tensor()), e);
        }
    }

    private static DividedModel probed(
            BaseModelManifest manifest,
            AdaptationConfig config,
            OutputLayer output,
            OnnxBackbone backbone,
            String features) {
        try {
            if (output.everyPosition()) {
                requireNewOutputLayer(config, "the task reads features of every token");
                int width = backbone.layout().positionWidth();
                return new DividedModel(
                        new PassageBackbone(backbone),
                        GraphHeads.of(config, width, output, PretrainedOutputLayer.NONE));
            }
            PretrainedOutputLayer kept = PretrainedOutputLayer.of(manifest, config, backbone.width(), () -> {
                ModelProto model = OnnxBackbone.model(manifest);
                return ClassifierReader.read(model, features, OnnxHeads.features(manifest, model, features));
            });
            return new DividedModel(backbone, GraphHeads.of(config, backbone.width(), output, kept));
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    /** The nodes of the model above the cut learn, or those of a mix. */
    private static DividedModel aboveCut(
            BaseModelManifest manifest, AdaptationConfig config, OutputLayer output, Compute compute) {
        ModelProto model = ModelDivision.whole(manifest, config, OnnxBackbone.model(manifest));
        ModelDivision division = ModelDivision.of(manifest, config, model);
        Segment segment = division.segment(manifest, model);
        OnnxBackbone backbone =
                OnnxBackbone.open(manifest, new BackboneCut(division.cut(), division.pooled()), compute);
        try {
            OnnxHeads heads = OnnxHeads.open(
                    manifest,
                    config,
                    output,
                    segment,
                    backbone.layout(),
                    division,
                    compute,
                    features -> ClassifierReader.read(model, division.features(), features));
            return new DividedModel(output.everyPosition() ? new PassageBackbone(backbone) : backbone, heads);
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    /** What to do when no gradient passes the node that computes {@code tensor}: the cut is tried before it is named. */
    private static String advice(
            BaseModelManifest manifest, AdaptationConfig config, OutputLayer output, Compute compute, String tensor) {
        List<String> cuts = LowestCut.sparing(
                OnnxBackbone.model(manifest), ModelDivision.sampleInputs(manifest), manifest.cut(), tensor);
        for (String cut : cuts) {
            try {
                aboveCut(manifest, config.withStrategy(config.strategy().at(cut)), output, compute)
                        .close();
                return "; the lowest cut that works is '" + cut + "'";
            } catch (GradientException | OnnxException | TopException | BackboneException e) {
                LOG.debugf(e, "cut-refused base=%s cut=%s", manifest.name(), cut);
            }
        }
        return "; no cut above it leaves anything to learn, so choose training.strategy linear-probe";
    }
}
