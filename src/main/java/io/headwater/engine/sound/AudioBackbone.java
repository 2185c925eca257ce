package io.headwater.engine.sound;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
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
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A backbone for sounds. It divides each sound into windows, computes the features of every window by a backbone for
 * tensors, and joins them to one row of features per sound.
 */
final class AudioBackbone implements Backbone {
    // Increase this when the same manifest gives other features: padding, cutting, pooling, the front end.
    private static final int REVISION = 1;
    // Limits the memory of the windows of one call.
    private static final int WINDOWS_AT_ONCE = 64;
    // Limits the memory of the features of one sound to 64 MiB.
    private static final long MAX_FEATURES = 1 << 24;
    private static final float INT16 = 32_768;

    private final Backbone windows;
    private final AudioInput input;
    private final SoundFrames frames;
    private final WindowJoin join;
    private final int least;
    /**
     * The number of samples of silence added around a sound, half of them before it, so that each step has a window
     * around it.
     */
    private final int margin;

    private final Digest digest;

    private AudioBackbone(Backbone windows, AudioInput input, SoundFrames frames, WindowJoin join) {
        this.windows = windows;
        this.input = input;
        this.frames = frames;
        this.join = join;
        least = frames.samples(input.windows().size());
        int step = Math.min(input.windows().step(), input.windows().size());
        margin = join instanceof WindowFrames vectors && vectors.count() == 1 ? least - frames.samples(step) : 0;
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
        long values = (long) backbone.mostWindows() * join.count() * join.width();
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
        int most = backbone.mostWindows();
        if (most > 1) {
            backbone.close();
            throw new BackboneException("an unfrozen top reads one window a clip, but clips of input.max-seconds "
                    + input.maxSeconds() + " have " + most + "; lower it to "
                    + (double) backbone.least / input.sampleRate()
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
        Reader reader = new Reader(inputs.size());
        List<int[]> starts = new ArrayList<>(inputs.size());
        double[] real = new double[inputs.size()];
        for (int sound = 0; sound < inputs.size(); sound++) {
            float[] samples = samples(inputs.get(sound));
            float[] all = frames.of(prepared(samples));
            starts.add(starts(all.length / frames.width()));
            real[sound] = real(samples.length, all.length / frames.width());
            for (int start : starts.get(sound)) {
                reader.add(sound, window(all, start));
            }
        }
        return reader.features(starts, real);
    }

    /**
     * Returns how many of {@code count} frames are covered by the sound: all, unless the sound was shorter than a
     * window.
     */
    private double real(int samples, int count) {
        int padded = samples + margin;
        return padded >= least ? count : (double) input.windows().size() * padded / least;
    }

    /** Returns the number of windows of the longest clip. */
    private int mostWindows() {
        float[] longest = frames.of(prepared(new float[input.maxSamples()]));
        return starts(longest.length / frames.width()).length;
    }

    /** Returns the start of each window in a sound of {@code count} frames. */
    private int[] starts(int count) {
        int last = count - input.windows().size();
        IntStream steps = IntStream.rangeClosed(0, last / input.windows().step())
                .map(step -> step * input.windows().step());
        return last % input.windows().step() == 0
                ? steps.toArray()
                : IntStream.concat(steps, IntStream.of(last)).toArray();
    }

    private ModelInput window(float[] all, int start) {
        int width = frames.width();
        int size = input.windows().size();
        float[] values = Arrays.copyOfRange(all, start * width, (start + size) * width);
        return new ModelInput.Numbers(isTransposed() ? transposed(values, size, width) : values);
    }

    private boolean isTransposed() {
        return input.reads() instanceof LogMel mel && !mel.form().axes().isFrameMajor()
                || input.reads() instanceof Stage stage && !stage.form().axes().isFrameMajor();
    }

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] transposed = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = values[row * columns + column];
            }
        }
        return transposed;
    }

    /** Returns the samples scaled to the amplitude of the manifest and padded to at least one window. */
    private float[] prepared(float[] samples) {
        float scale = input.amplitude() == Amplitude.INT16 ? INT16 : 1;
        boolean repeats = input.padding() == ClipPadding.REPEAT;
        float[] prepared = new float[Math.max(least, samples.length + margin)];
        int before = margin / 2;
        for (int i = 0; i < prepared.length - before; i++) {
            if (i < samples.length || repeats) {
                prepared[before + i] = samples[i % samples.length] * scale;
            }
        }
        return prepared;
    }

    private static float[] samples(ModelInput input) {
        if (input instanceof ModelInput.Sound sound && sound.samples().length > 0) {
            return sound.samples();
        }
        throw new IllegalArgumentException(
                "the base model reads sounds of at least one sample, but was given " + input.kind());
    }

    /** Computes the features of the windows of all sounds in order, in batches. */
    private final class Reader {
        private final List<List<float[]>> rows;
        private final SortedSet<Integer> faulty = new TreeSet<>();
        private final List<ModelInput> waiting = new ArrayList<>();
        private final List<Integer> owners = new ArrayList<>();

        Reader(int sounds) {
            rows = Stream.<List<float[]>>generate(ArrayList::new).limit(sounds).toList();
        }

        void add(int sound, ModelInput window) {
            waiting.add(window);
            owners.add(sound);
            if (waiting.size() == WINDOWS_AT_ONCE) {
                read();
            }
        }

        private void read() {
            try {
                List<float[]> features = windows.features(waiting);
                for (int i = 0; i < features.size(); i++) {
                    rows.get(owners.get(i)).add(features.get(i));
                }
            } catch (NonFiniteFeaturesException e) {
                e.indexes().forEach(window -> faulty.add(owners.get(window)));
            }
            waiting.clear();
            owners.clear();
        }

        List<float[]> features(List<int[]> starts, double[] real) {
            if (!waiting.isEmpty()) {
                read();
            }
            if (!faulty.isEmpty()) {
                throw new NonFiniteFeaturesException(faulty);
            }
            List<float[]> features = new ArrayList<>(rows.size());
            for (int sound = 0; sound < rows.size(); sound++) {
                features.add(join.vector(rows.get(sound), starts.get(sound), real[sound]));
                for (float value : features.get(sound)) {
                    if (!Float.isFinite(value)) {
                        faulty.add(sound);
                    }
                }
            }
            if (!faulty.isEmpty()) {
                throw new NonFiniteFeaturesException(faulty);
            }
            return features;
        }
    }

    @Override
    public void close() {
        frames.close();
        windows.close();
    }
}
