package io.headwater.engine.sound;

import static io.headwater.testing.TestSounds.tone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.FrameForm;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.Stage;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.config.WindowContent;
import io.headwater.config.WindowContent.RawWaveform;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.DividedModel;
import io.headwater.engine.ModelInput;
import io.headwater.engine.ModelInput.Sound;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses a model that returns its windows of four samples, so that features are the samples themselves. */
class AudioBackboneTest {
    private static final float[] SIX = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f};

    @TempDir
    private Path folder;

    @Test
    void shouldPoolTheFeaturesOfTheWindowsOfAClip() {
        // Windows: 1 2 3 4 and 3 4 5 6
        assertThat(features(WindowPooling.MEAN, SIX)).containsExactly(new float[] {0.2f, 0.3f, 0.4f, 0.5f}, near());
        assertThat(features(WindowPooling.MAX, SIX)).containsExactly(new float[] {0.3f, 0.4f, 0.5f, 0.6f}, near());
        assertThat(features(WindowPooling.MEAN_MAX, SIX))
                .containsExactly(new float[] {0.2f, 0.3f, 0.4f, 0.5f, 0.3f, 0.4f, 0.5f, 0.6f}, near());
        assertThat(features(WindowPooling.MEAN_DEVIATION, SIX))
                .containsExactly(new float[] {0.2f, 0.3f, 0.4f, 0.5f, 0.1f, 0.1f, 0.1f, 0.1f}, near());
    }

    @Test
    void shouldEndWithOneMoreWindowWhereTheStepsLeaveARest() {
        // Windows: 1 2 3 4 and, for the fifth sample, 2 3 4 5
        assertThat(features(WindowPooling.MAX, new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f}))
                .containsExactly(new float[] {0.2f, 0.3f, 0.4f, 0.5f}, near());
        assertThat(features(WindowPooling.MEAN, new float[] {0.1f, 0.2f, 0.3f, 0.4f}))
                .containsExactly(0.1f, 0.2f, 0.3f, 0.4f);
    }

    @Test
    void shouldPadAShortClipAsTheManifestSays() {
        float[] two = {0.1f, 0.2f};

        assertThat(features(WindowPooling.MEAN, two)).containsExactly(0.1f, 0.2f, 0, 0);
        try (Backbone repeating = open(ClipPadding.REPEAT, Amplitude.UNIT, WindowPooling.MEAN, false)) {
            assertThat(repeating
                            .features(List.of(new Sound(new float[] {0.1f, 0.2f, 0.3f})))
                            .get(0))
                    .containsExactly(0.1f, 0.2f, 0.3f, 0.1f);
        }
    }

    @Test
    void shouldScaleSamplesAndFeatures() {
        try (Backbone scaled = open(ClipPadding.ZEROS, Amplitude.INT16, WindowPooling.MEAN, false);
                Backbone normalised = open(ClipPadding.ZEROS, Amplitude.UNIT, WindowPooling.MEAN, true)) {
            assertThat(scaled.features(List.of(new Sound(new float[] {0.5f, -1, 0.25f, 0})))
                            .get(0))
                    .containsExactly(16_384, -32_768, 8192, 0);
            assertThat(normalised
                            .features(List.of(new Sound(new float[] {3, 0, 4, 0})))
                            .get(0))
                    .containsExactly(new float[] {0.6f, 0, 0.8f, 0}, near());
        }
    }

    @Test
    void shouldGiveTheSameBitsWhateverItsNeighboursAre() {
        try (Backbone backbone = AudioBackbone.open(
                TestModels.audio(folder, 2, WindowPooling.MEAN_DEVIATION), input(2, WindowPooling.MEAN_DEVIATION))) {
            SplittableRandom random = new SplittableRandom(2);
            List<ModelInput> sounds = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                sounds.add(new Sound(tone(random.nextDouble(100, 3000), 8000, random.nextInt(1, 16_000), 0.5)));
            }
            List<float[]> features = backbone.features(sounds);
            List<ModelInput> backwards = new ArrayList<>(sounds);
            Collections.reverse(backwards);
            List<float[]> again = backbone.features(backwards);

            assertThat(backbone.width()).isEqualTo(24);
            for (int i = 0; i < 30; i++) {
                assertThat(features.get(i))
                        .hasSize(24)
                        .isEqualTo(again.get(29 - i))
                        .isEqualTo(backbone.features(List.of(sounds.get(i))).get(0));
            }
        }
    }

    @Test
    void shouldNameTheSoundsWhoseFeaturesAreNotFinite() {
        try (Backbone backbone = open(ClipPadding.ZEROS, Amplitude.UNIT, WindowPooling.MEAN, false)) {
            Sound bad = new Sound(new float[] {1, 2, 3, 4, 5, 6, Float.NaN, 8});

            assertThatThrownBy(() -> backbone.features(List.of(new Sound(SIX), bad, new Sound(SIX))))
                    .isInstanceOfSatisfying(
                            NonFiniteFeaturesException.class,
                            e -> assertThat(e.indexes()).containsExactly(1));
            assertThatThrownBy(() -> backbone.features(List.of(new ModelInput.Numbers(SIX))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("reads sounds");
        }
    }

    @Test
    void shouldReadTheFramesOfAFrontEnd() {
        // Given windows of 2 frames with 2 values, bins first; frames of 32 samples with a hop of 16
        float[] samples = tone(500, 8000, 64, 1);
        Stage stage = new Stage(new FrameForm(2, Axes.BINS_FRAMES, 2, 1), TestModels.frontEnd(folder), "sound", "mel");
        float[] filters = TestModels.ramp(64);

        try (AudioBackbone backbone = staged(stage, 0.05)) {
            // Then the first window holds the first two frames, and there is one more window
            float[] features = backbone.features(List.of(new Sound(samples))).get(0);
            for (int bin = 0; bin < 2; bin++) {
                for (int frame = 0; frame < 2; frame++) {
                    double mean = (value(samples, filters, frame, bin) + value(samples, filters, frame + 1, bin)) / 2;
                    assertThat(features[bin * 2 + frame]).isCloseTo((float) (mean * 2 + 1), within(1e-4f));
                }
            }
            // A window takes 48 samples, and a single sample is padded to 48
            assertThat(backbone.features(List.of(new Sound(new float[] {0.25f})))
                            .get(0))
                    .isEqualTo(backbone.features(List.of(new Sound(padded(48)))).get(0))
                    .isNotEqualTo(
                            backbone.features(List.of(new Sound(padded(64)))).get(0));
        }
        Stage other = new Stage(new FrameForm(3, Axes.BINS_FRAMES, 2, 1), stage.file(), "sound", "mel");
        assertThatThrownBy(() -> staged(other, 0.05))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("[batch, frames, 3]");
        assertThatThrownBy(() -> staged(new Stage(stage.form(), stage.file(), "x", "mel"), 0.05))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("'x'")
                .hasMessageContaining("input.stage.input");
    }

    @Test
    void shouldHaveANameThatEveryPartOfTheFrontEndChanges() {
        List<String> digests = new ArrayList<>();
        for (WindowPooling pooling : WindowPooling.values()) {
            for (ClipPadding padding : ClipPadding.values()) {
                for (Amplitude amplitude : Amplitude.values()) {
                    try (Backbone backbone = open(padding, amplitude, pooling, false)) {
                        digests.add(backbone.digest().hex());
                    }
                }
            }
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void shouldTrainATopOnClipsOfOneWindowOnly() {
        AdaptationConfig config = AdaptationConfig.of("mine", TaskKind.AUDIO_CLASSIFICATION, "tones")
                .withStrategy(new StrategyConfig("hidden", Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT));

        assertThatThrownBy(() -> BaseModelOpener.open(
                                TestModels.audio(folder, 0.5, WindowPooling.MEAN), Compute.ONE_THREAD)
                        .divide(config))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("one window a clip, but clips of input.max-seconds 0.5 have 11")
                .hasMessageContaining("lower it to 0.1");
        try (DividedModel model = BaseModelOpener.open(
                        TestModels.audio(folder, 0.1, WindowPooling.MEAN), Compute.ONE_THREAD)
                .divide(config)) {
            assertThat(model.backbone()
                            .features(List.of(new Sound(tone(440, 8000, 700, 1))))
                            .get(0))
                    .hasSize(8 * 12);
        }
    }

    @Test
    void shouldExportAModelOfWindowsUnlessItsHeadReadsMore() {
        AdaptationConfig config = AdaptationConfig.of("mine", TaskKind.AUDIO_CLASSIFICATION, "tones");

        assertThatThrownBy(() -> BaseModelOpener.open(
                                TestModels.audio(folder, 1, WindowPooling.MEAN_DEVIATION), Compute.ONE_THREAD)
                        .onnx(config, OutputLayer.CLASSES, Map.of(), Map.of()))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("input.windows.pooling");
        Map<String, Tensor.F32> head = Map.of(
                "output/W",
                new Tensor.F32(new int[] {12, 2}, TestModels.ramp(24)),
                "output/b",
                new Tensor.F32(new int[] {2}, new float[2]));
        assertThat(BaseModelOpener.open(TestModels.audio(folder, 1, WindowPooling.MEAN), Compute.ONE_THREAD)
                        .onnx(config, OutputLayer.CLASSES, head, Map.of()))
                .isNotEmpty();
    }

    private AudioInput input(double maxSeconds, WindowPooling pooling) {
        return (AudioInput) TestModels.audio(folder, maxSeconds, pooling).input();
    }

    private float[] features(WindowPooling pooling, float[] samples) {
        try (Backbone backbone = open(ClipPadding.ZEROS, Amplitude.UNIT, pooling, false)) {
            float[] features = backbone.features(List.of(new Sound(samples))).get(0);
            assertThat(features).hasSize(backbone.width());
            return features;
        }
    }

    private AudioBackbone open(ClipPadding padding, Amplitude amplitude, WindowPooling pooling, boolean normalise) {
        return open(new RawWaveform(), padding, amplitude, new ClipWindows(4, 2, pooling), 1, normalise);
    }

    private AudioBackbone staged(Stage stage, double maxSeconds) {
        AudioInput input = new AudioInput(
                "window",
                8000,
                Amplitude.UNIT,
                maxSeconds,
                ClipPadding.ZEROS,
                stage,
                new ClipWindows(2, 1, WindowPooling.MEAN));
        BaseModelManifest manifest = new BaseModelManifest(
                "staged",
                "none",
                TestModels.identity(folder, stage.form().bins(), 2),
                input,
                "same",
                Pooling.NONE,
                false);
        return AudioBackbone.open(manifest, input);
    }

    private AudioBackbone open(
            WindowContent reads,
            ClipPadding padding,
            Amplitude amplitude,
            ClipWindows windows,
            double seconds,
            boolean normalise) {
        AudioInput input = new AudioInput("window", 8000, amplitude, seconds, padding, reads, windows);
        BaseModelManifest manifest = new BaseModelManifest(
                "identity",
                "none",
                TestModels.identity(folder, windows.size()),
                input,
                "same",
                Pooling.NONE,
                normalise);
        return AudioBackbone.open(manifest, input);
    }

    private static double value(float[] samples, float[] filters, int frame, int bin) {
        double sum = 0;
        for (int i = 0; i < 32; i++) {
            sum += samples[frame * 16 + i] * filters[bin * 32 + i];
        }
        return sum;
    }

    private static float[] padded(int size) {
        float[] padded = new float[size];
        padded[0] = 0.25f;
        return padded;
    }

    private static Offset<Float> near() {
        return within(1e-6f);
    }
}
