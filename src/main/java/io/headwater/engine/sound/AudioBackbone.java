package io.headwater.engine.sound;

import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.LogMel;
import io.headwater.config.Stage;
import io.headwater.config.TensorInput;
import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.device.Compute;
import io.headwater.engine.runtime.OnnxBackbone;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A backbone for sounds. It divides each sound into windows, computes the features of every window by a backbone for
 * tensors, and joins them to one row of features per sound.
 */
final class AudioBackbone implements Backbone {
    // Increase this when the same manifest gives other features: padding, cutting, pooling, the front end.
    private static final int REVISION = 1;
    // Limits the memory of the features of one sound to 64 MiB.
    private static final long MAX_FEATURES = 1 << 24;

    private final Backbone windows;
    private final SoundFrames frames;
    private final WindowJoin join;
    private final SoundCutter cutter;
    private final Digest digest;

    private AudioBackbone(Backbone windows, AudioInput input, SoundFrames frames, WindowJoin join) {
        this.windows = windows;
        this.frames = frames;
        this.join = join;
        cutter = SoundCutter.of(input, frames, join);
        String description = "headwater audio backbone revision " + REVISION + "\nwindows "
                + windows.digest().hex() + "\n" + AudioDescription.of(input) + join.text() + "\n";
        digest = Digest.of(description.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Opens the backbone of a manifest whose input is audio, on the CPU with one thread per run.
     *
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     * @throws BackboneException when the model or its front end does not match the manifest
     */
    static AudioBackbone open(BaseModelManifest manifest, AudioInput input) {
        return pooled(
                OnnxBackbone.open(ofWindows(manifest, input, false)), input, manifest.normalise(), Compute.ONE_THREAD);
    }

    /** Creates a backbone that pools the features of all windows. It owns {@code windows}, and closes it on failure. */
    static AudioBackbone pooled(Backbone windows, AudioInput input, boolean normalise, Compute compute) {
        return opened(windows, input, new ClipPooling(input.windows().pooling(), normalise), compute);
    }

    /**
     * Creates a backbone that joins the features of all windows in temporal order, neither pooled nor normalised. It
     * owns {@code windows}, and closes it on failure.
     *
     * @throws BackboneException when {@code windows} does not compute vectors of one width, or a clip may have too
     *     many of them
     */
    static AudioBackbone ofFrames(OnnxBackbone windows, AudioInput input, Compute compute) {
        WindowFrames join;
        try {
            join = WindowFrames.of(windows.layout(), input.windows().size());
        } catch (RuntimeException e) {
            windows.close();
            throw e;
        }
        AudioBackbone backbone = opened(windows, input, join, compute);
        long values = (long) backbone.cutter.most() * join.count() * join.width();
        if (values > MAX_FEATURES) {
            backbone.close();
            throw new BackboneException("the frames of a clip of input.max-seconds " + input.maxSeconds()
                    + " may have at most " + MAX_FEATURES + " features, but have " + values
                    + "; raise input.windows.step or lower input.max-seconds");
        }
        return backbone;
    }

    /**
     * Creates a backbone for clips of a single window, whose features are left unchanged. It owns {@code windows}, and
     * closes it on failure.
     *
     * @throws BackboneException when a clip may have more than one window
     */
    static AudioBackbone single(Backbone windows, AudioInput input, Compute compute) {
        AudioBackbone backbone = opened(windows, input, ClipPooling.NONE, compute);
        int most = backbone.cutter.most();
        if (most > 1) {
            backbone.close();
            throw new BackboneException("an unfrozen top reads one window a clip, but clips of input.max-seconds "
                    + input.maxSeconds() + " have " + most + "; lower it to "
                    + (double) backbone.cutter.least() / input.sampleRate()
                    + ", which is one window, or choose training.strategy linear-probe");
        }
        return backbone;
    }

    private static AudioBackbone opened(Backbone windows, AudioInput input, WindowJoin join, Compute compute) {
        try {
            SoundFrames frames = frames(input, compute);
            try {
                return new AudioBackbone(windows, input, frames, join);
            } catch (RuntimeException e) {
                frames.close();
                throw e;
            }
        } catch (RuntimeException e) {
            windows.close();
            throw e;
        }
    }

    private static SoundFrames frames(AudioInput input, Compute compute) {
        if (input.reads() instanceof LogMel mel) {
            return new LogMelFrames(mel, input.sampleRate());
        }
        return input.reads() instanceof Stage stage ? StageFrames.open(stage, input, compute) : new SampleFrames();
    }

    /** Returns a manifest of the same base model whose input is one window as a tensor. */
    static BaseModelManifest ofWindows(BaseModelManifest manifest, AudioInput input, boolean normalise) {
        return manifest.withInput(new TensorInput(input.name(), input.shape(), List.of()))
                .withNormalise(normalise)
                .withLabels(List.of());
    }

    @Override
    public Digest digest() {
        return digest;
    }

    @Override
    public int width() {
        return join.width(windows.width());
    }

    /**
     * {@inheritDoc}
     *
     * @throws NonFiniteFeaturesException when some inputs give NaN or infinity
     * @throws IllegalArgumentException when an input is not a sound
     * @throws BackboneException when ONNX Runtime fails
     */
    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        WindowReader reader = new WindowReader(windows, join, inputs.size());
        List<int[]> starts = new ArrayList<>(inputs.size());
        double[] real = new double[inputs.size()];
        for (int sound = 0; sound < inputs.size(); sound++) {
            float[] samples = samples(inputs.get(sound));
            float[] all = cutter.frames(samples);
            starts.add(cutter.starts(cutter.count(all)));
            real[sound] = cutter.real(samples.length, cutter.count(all));
            for (int start : starts.get(sound)) {
                reader.add(sound, cutter.window(all, start));
            }
        }
        return reader.features(starts, real);
    }

    private static float[] samples(ModelInput input) {
        if (input instanceof ModelInput.Sound sound && sound.samples().length > 0) {
            return sound.samples();
        }
        throw new IllegalArgumentException(
                "the base model reads sounds of at least one sample, but was given " + input.kind());
    }

    @Override
    public void close() {
        frames.close();
        windows.close();
    }
}
