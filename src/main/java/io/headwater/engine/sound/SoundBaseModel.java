package io.headwater.engine.sound;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModel;
import io.headwater.engine.DividedModel;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.device.Compute;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A base model of sounds. Clips are divided into windows, and a model of single windows is divided and exported.
 *
 * @param manifest the manifest of the base model
 * @param input the input of {@code manifest}
 * @param compute the resources for a model that computes the frames
 * @param windows opens the model of single windows
 */
public record SoundBaseModel(BaseModelManifest manifest, AudioInput input, Compute compute, WindowModels windows)
        implements BaseModel {

    @Override
    public DividedModel divide(AdaptationConfig config, OutputLayer output) {
        boolean probes = config.strategy().strategy() == Strategy.LINEAR_PROBE;
        if (output.everyPosition()) {
            PretrainedOutputLayer.requireNew(config, "the task reads features of every frame");
            return probes ? frames(config, output) : oneWindow(input.withSilence(), config, output);
        }
        return probes ? pooledWindows(config, output) : oneWindow(input, config, output);
    }

    /** Divides the model for an output layer that reads the pooled features of all windows. */
    private DividedModel pooledWindows(AdaptationConfig config, OutputLayer output) {
        PretrainedOutputLayer.requireNew(config, "a clip of several windows has pooled features");
        DividedModel divided = ofWindows(false).divide(config, output);
        divided.heads().close();
        AudioBackbone backbone = AudioBackbone.pooled(divided.backbone(), input, manifest.normalise(), compute);
        return probe(backbone, config, output);
    }

    /** Divides the model for an output layer that reads every frame of a clip. */
    private DividedModel frames(AdaptationConfig config, OutputLayer output) {
        List<String> mixed = config.strategy().top().scalarMix();
        if (!mixed.isEmpty()) {
            throw ConfigurationException.of(
                    "training.scalar-mix must be empty with a task that says something of every frame, but is " + mixed
                            + "; leave it out");
        }
        List<String> cuts = config.strategy().cuts();
        BackboneCut cut = BackboneCut.unpooled(cuts.isEmpty() ? List.of(manifest.cut()) : cuts);
        return probe(
                AudioBackbone.ofFrames(
                        windows.frames(AudioBackbone.ofWindows(manifest, input, false), cut),
                        input.withSilence(),
                        compute),
                config,
                output);
    }

    private static DividedModel probe(AudioBackbone backbone, AdaptationConfig config, OutputLayer output) {
        return new DividedModel(backbone, GraphHeads.of(config, backbone.width(), output, PretrainedOutputLayer.NONE));
    }

    /** Divides the model to train the top of the window model, which reads the single window of a clip. */
    private DividedModel oneWindow(AudioInput audio, AdaptationConfig config, OutputLayer output) {
        DividedModel divided = ofWindows(manifest.normalise()).divide(config, output);
        try {
            return new DividedModel(AudioBackbone.single(divided.backbone(), audio, compute), divided.heads());
        } catch (RuntimeException e) {
            divided.heads().close();
            throw e;
        }
    }

    private BaseModel ofWindows(boolean normalise) {
        return windows.of(AudioBackbone.ofWindows(manifest, input, normalise));
    }

    /** {@inheritDoc} The exported model reads one window. */
    @Override
    public byte[] onnx(
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata) {
        return exportable(config, output).onnx(config, output, parameters, metadata);
    }

    /** {@inheritDoc} The exported model reads one window. */
    @Override
    public byte[] deeplearning4j(AdaptationConfig config, OutputLayer output, Map<String, Tensor.F32> parameters) {
        return exportable(config, output).deeplearning4j(config, output, parameters);
    }

    /** Returns the window model to export. Fails if the head reads more features than a single window has. */
    private BaseModel exportable(AdaptationConfig config, OutputLayer output) {
        WindowPooling pooling = input.windows().pooling();
        boolean doubled = pooling == WindowPooling.MEAN_MAX || pooling == WindowPooling.MEAN_DEVIATION;
        if (doubled && !output.everyPosition() && config.strategy().strategy() == Strategy.LINEAR_PROBE) {
            throw new BackboneException("an exported model reads one window, so input.windows.pooling of base model '"
                    + manifest.name() + "' must be mean or max, but is " + pooling + "; export safetensors");
        }
        return ofWindows(manifest.normalise());
    }
}
