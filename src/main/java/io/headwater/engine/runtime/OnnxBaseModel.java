package io.headwater.engine.runtime;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModel;
import io.headwater.engine.DividedModel;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.device.Compute;
import io.headwater.engine.gradient.GradientException;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.top.ClassifierReader;
import io.headwater.engine.top.LowestCut;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import org.jboss.logging.Logger;

/**
 * A base model in ONNX. Error messages do not name the base model; the caller adds its name.
 *
 * @param manifest the manifest of the base model, whose input must not be audio
 * @param compute the resources that ONNX Runtime uses; the bits of features and heads depend on them
 */
public record OnnxBaseModel(BaseModelManifest manifest, Compute compute) implements BaseModel {
    private static final Logger LOG = Logger.getLogger(OnnxBaseModel.class);

    @Override
    public DividedModel divide(AdaptationConfig config, OutputLayer output) {
        try {
            boolean mixes = !config.strategy().top().scalarMix().isEmpty();
            return config.strategy().strategy() == Strategy.LINEAR_PROBE && !mixes
                    ? probe(config, output)
                    : fineTune(config, output);
        } catch (OnnxException | TopException e) {
            throw new BackboneException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Divides the model for new layers that read the tensor at the cut. */
    private DividedModel probe(AdaptationConfig config, OutputLayer output) {
        List<String> named = config.strategy().cuts();
        List<String> cut = named.isEmpty() ? List.of(manifest.cut()) : named;
        OnnxBackbone backbone = OnnxBackbone.open(manifest, new BackboneCut(cut, !output.everyPosition()), compute);
        try {
            return output.everyPosition()
                    ? ofPositions(config, output, backbone)
                    : ofVectors(config, output, backbone, cut.get(0));
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    private static DividedModel ofPositions(AdaptationConfig config, OutputLayer output, OnnxBackbone backbone) {
        PretrainedOutputLayer.requireNew(config, "the task reads features of every token");
        int width = backbone.layout().positionWidth();
        return new DividedModel(
                new PassageBackbone(backbone), GraphHeads.of(config, width, output, PretrainedOutputLayer.NONE));
    }

    private DividedModel ofVectors(
            AdaptationConfig config, OutputLayer output, OnnxBackbone backbone, String features) {
        PretrainedOutputLayer kept = PretrainedOutputLayer.of(manifest, config, backbone.width(), () -> {
            ModelProto model = OnnxBackbone.model(manifest);
            return ClassifierReader.read(model, features, TopFeatures.of(manifest, model, features));
        });
        return new DividedModel(backbone, GraphHeads.of(config, backbone.width(), output, kept));
    }

    private DividedModel fineTune(AdaptationConfig config, OutputLayer output) {
        try {
            return aboveCut(config, output);
        } catch (GradientException e) {
            throw new BackboneException(e.getMessage() + advice(config, output, e.tensor()), e);
        }
    }

    /** Divides the model to train the nodes above the cut, or a scalar mix. */
    private DividedModel aboveCut(AdaptationConfig config, OutputLayer output) {
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

    /**
     * Returns advice for a model in which no gradient can pass the node that computes {@code tensor}. A cut is
     * suggested only after a trial.
     */
    private String advice(AdaptationConfig config, OutputLayer output, String tensor) {
        List<String> cuts = LowestCut.sparing(
                OnnxBackbone.model(manifest), ModelDivision.sampleInputs(manifest), manifest.cut(), tensor);
        for (String cut : cuts) {
            try {
                aboveCut(config.withStrategy(config.strategy().at(cut)), output).close();
                return "; the lowest cut that works is '" + cut + "'";
            } catch (GradientException | OnnxException | TopException | BackboneException e) {
                LOG.debugf(e, "cut-refused base=%s cut=%s", manifest.name(), cut);
            }
        }
        return "; no cut above it leaves anything to learn, so choose training.strategy linear-probe";
    }

    /** {@inheritDoc} See {@link OnnxExport#write}. */
    @Override
    public byte[] onnx(
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata) {
        return OnnxExport.write(manifest, config, output, parameters, metadata);
    }

    /** {@inheritDoc} Always throws, because ONNX models cannot be exported to Deeplearning4j. */
    @Override
    public byte[] deeplearning4j(AdaptationConfig config, OutputLayer output, Map<String, Tensor.F32> parameters) {
        throw new BackboneException("base model '" + manifest.name()
                + "' must be a graph model to export one for Deeplearning4j, but is an ONNX model; choose the format"
                + " onnx");
    }
}
