package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.FeaturesConfig.Precision;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.engine.gradient.GradientException;
import io.headwater.engine.graph.GraphException;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import java.util.List;
import onnx.Onnx.ModelProto;
import org.jboss.logging.Logger;

/**
 * A base model divided for one adaptation.
 *
 * @param backbone the frozen part
 * @param heads makes the trainable part
 */
public record DividedModel(Backbone backbone, Heads heads) implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DividedModel.class);

    /**
     * Divides a base model where the adaptation says.
     *
     * @param compute what ONNX Runtime runs on; bits depend on it
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     * @throws BackboneException when the model is not what the manifest says, or cannot be trained above the cut
     * @throws io.headwater.config.ConfigurationException when it has fewer blocks than shall be unfrozen
     */
    public static DividedModel open(BaseModelManifest manifest, AdaptationConfig config, Compute compute) {
        try {
            DividedModel divided = manifest.input() instanceof AudioInput audio
                    ? ofAudio(manifest, audio, config, compute)
                    : divided(manifest, config, compute);
            return divided.precise(config);
        } catch (OnnxException | TopException | GraphException | BackboneException e) {
            throw new BackboneException("base model '" + manifest.name() + "': " + e.getMessage(), e);
        }
    }

    private static DividedModel divided(BaseModelManifest manifest, AdaptationConfig config, Compute compute) {
        return GraphBase.isOne(manifest) ? GraphBase.divide(manifest, config) : ofOnnx(manifest, config, compute);
    }

    /** What is divided reads windows; a clip is cut into them below it. */
    private static DividedModel ofAudio(
            BaseModelManifest manifest, AudioInput audio, AdaptationConfig config, Compute compute) {
        if (config.strategy().strategy() == Strategy.LINEAR_PROBE) {
            DividedModel windows = divided(AudioBackbone.ofWindows(manifest, audio, false), config, compute);
            windows.heads.close();
            AudioBackbone backbone = AudioBackbone.pooled(windows.backbone, audio, manifest.normalise(), compute);
            return new DividedModel(backbone, GraphHeads.of(config, backbone.width()));
        }
        DividedModel windows = divided(AudioBackbone.ofWindows(manifest, audio, manifest.normalise()), config, compute);
        try {
            return new DividedModel(AudioBackbone.single(windows.backbone, audio, compute), windows.heads);
        } catch (RuntimeException e) {
            windows.heads.close();
            throw e;
        }
    }

    private static DividedModel ofOnnx(BaseModelManifest manifest, AdaptationConfig config, Compute compute) {
        if (config.strategy().strategy() == Strategy.LINEAR_PROBE) {
            List<String> cuts = config.strategy().cuts();
            BackboneCut cut = new BackboneCut(cuts.isEmpty() ? List.of(manifest.cut()) : cuts, true);
            Backbone backbone = OnnxBackbone.open(manifest, cut, compute);
            return new DividedModel(backbone, GraphHeads.of(config, backbone.width()));
        }
        try {
            return unfrozen(manifest, config, compute);
        } catch (GradientException e) {
            throw new BackboneException(e.getMessage() + advice(manifest, config, compute, e.tensor()), e);
        }
    }

    private static DividedModel unfrozen(BaseModelManifest manifest, AdaptationConfig config, Compute compute) {
        ModelProto model = OnnxBackbone.model(manifest);
        ModelDivision division = ModelDivision.of(manifest, config, model);
        Segment segment = division.segment(manifest, model);
        OnnxBackbone backbone = OnnxBackbone.open(manifest, BackboneCut.unpooled(division.cut()), compute);
        try {
            OnnxHeads heads =
                    OnnxHeads.open(manifest, config, segment, backbone.layout(), division.boundaries(), compute);
            return new DividedModel(backbone, heads);
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    /** What to do when no gradient passes the node that computes {@code tensor}: the cut is tried before it is named. */
    private static String advice(BaseModelManifest manifest, AdaptationConfig config, Compute compute, String tensor) {
        List<String> cuts = LowestCut.sparing(
                OnnxBackbone.model(manifest), ModelDivision.sampleInputs(manifest), manifest.cut(), tensor);
        for (String cut : cuts) {
            try {
                unfrozen(manifest, config.withStrategy(config.strategy().at(cut)), compute)
                        .close();
                return "; the lowest cut that works is '" + cut + "'";
            } catch (GradientException | OnnxException | TopException | BackboneException e) {
                LOG.debugf(e, "cut-refused base=%s cut=%s", manifest.name(), cut);
            }
        }
        return "; no cut above it leaves anything to learn, so choose training.strategy linear-probe";
    }

    private DividedModel precise(AdaptationConfig config) {
        return config.features().precision() == Precision.FLOAT16
                ? new DividedModel(new HalfBackbone(backbone), heads)
                : this;
    }

    @Override
    public void close() {
        heads.close();
        backbone.close();
    }
}
