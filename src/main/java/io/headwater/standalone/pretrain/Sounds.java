package io.headwater.standalone.pretrain;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.FrameForm;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.LogMel;
import io.headwater.config.MelFilters;
import io.headwater.config.MelFilters.MelNorm;
import io.headwater.config.MelFilters.MelScale;
import io.headwater.config.Spectrum;
import io.headwater.config.Spectrum.Measure;
import io.headwater.config.Spectrum.Taper;
import io.headwater.config.TaskKind;
import io.headwater.engine.family.ConvNet;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.sound.SoundWindow;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Prepares the pretraining of audio classifiers. */
public final class Sounds {
    private static final String INPUT = "frames";
    /** Far below the level of speech, and above the quantisation noise of 16-bit audio. */
    private static final double FLOOR = 1e-6;
    /** Together these constants map the logarithms of silence and of loud speech to about −1 and 1. */
    private static final double FACTOR = 0.1;

    private static final double OFFSET = 0.4;
    private static final double LOWEST = 20;

    private Sounds() {}

    /**
     * The size of an audio classifier.
     *
     * @param sampleRate in hertz, 8000 to 48000
     * @param seconds seconds of a sound that the model reads, 0.1 to 60
     * @param bins mel bins per frame, 8 to 512
     * @param width channels of the first stage
     * @param blocks number of blocks in each stage
     */
    public record Sizes(int sampleRate, double seconds, int bins, int width, int blocks) {
        /** Returns the samples in a frame of 25 ms; a frame begins every 10 ms. */
        private int frameSize() {
            return sampleRate / 40;
        }

        private int hop() {
            return sampleRate / 100;
        }

        private int frames() {
            return ((int) Math.round(seconds * sampleRate) - frameSize()) / hop() + 1;
        }

        private ConvNet network(int classes) {
            return new ConvNet(1, frames(), bins, width, blocks, classes);
        }

        private AudioInput input() {
            int points = Integer.highestOneBit(2 * frameSize() - 1);
            LogMel mel = new LogMel(
                    new FrameForm(bins, Axes.CHANNEL_FRAMES_BINS, FACTOR, OFFSET),
                    new Spectrum(points, frameSize(), hop(), Taper.HANN, Measure.POWER),
                    new MelFilters(LOWEST, sampleRate / 2.0, MelScale.HTK, MelNorm.NONE),
                    FLOOR);
            ClipWindows windows = new ClipWindows(frames(), frames(), WindowPooling.MEAN);
            return new AudioInput(INPUT, sampleRate, Amplitude.UNIT, seconds, ClipPadding.ZEROS, mel, windows);
        }

        private SortedMap<String, String> named() {
            SortedMap<String, String> named = new TreeMap<>();
            named.put("sample-rate", Integer.toString(sampleRate));
            named.put("seconds", Double.toString(seconds));
            named.put("bins", Integer.toString(bins));
            named.put("width", Integer.toString(width));
            named.put("blocks", Integer.toString(blocks));
            return named;
        }
    }

    /**
     * Prepares a residual network over log-mel frames that classifies the sounds in class folders.
     *
     * @param path a folder or zip of class folders
     * @param seed seed of the initial weights; not 0
     */
    public static Subject of(Path path, Sizes sizes, long seed) {
        AudioInput input = sizes.input();
        // Created first, so that the sizes are checked before any data is read.
        sizes.network(2);
        SoundWindow window = SoundWindow.of(input);
        LabelledData data = LabelledData.read(path, TaskKind.AUDIO_CLASSIFICATION, input, window::values);
        int classes = data.classes().size();
        FamilyModel model = sizes.network(classes).model("mel-cnn", INPUT, seed);
        return new Subject(
                model,
                new Classes(data.rows(), data.targets()),
                1,
                classes,
                false,
                sizes.named(),
                data.digest(),
                data.faults(),
                null,
                (name, licence, file, none) -> new BaseModelManifest(
                        name,
                        licence,
                        model.family(),
                        file,
                        List.of(),
                        input,
                        model.features(),
                        model.blocks(),
                        Pooling.NONE,
                        false,
                        data.classes()));
    }
}
