package io.headwater.engine.sound;

import static io.headwater.testing.TestSounds.tone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.config.WindowContent.RawWaveform;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.ModelInput.Sound;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.engine.runtime.OnnxRuntime;
import io.headwater.engine.weights.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests sounds as frames in time, for tasks with a prediction per frame. */
class AudioFramesTest {
    private static final OutputLayer EVERY_FRAME =
            new OutputLayer((logits, outputs, target, gradient) -> 0, true, OutputActivation.SOFTMAX);
    private static final AdaptationConfig PROBE =
            AdaptationConfig.of("mine", TaskKind.AUTOMATIC_SPEECH_RECOGNITION, "base");
    private static final AdaptationConfig FINE_TUNE = PROBE.withStrategy(
            new StrategyConfig("hidden", Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT));

    @TempDir
    private Path folder;

    /**
     * Windows of four samples with a hop of two, and one sample of silence around a clip, so that each step has a
     * window around it.
     */
    @Test
    void shouldHaveAFrameForEachStepWhereAWindowGivesOneVector() {
        try (DividedModel model = vectors(2, PROBE)) {
            assertThat(model.heads().inputs()).isEqualTo(4);
            assertThat(features(model, 1, 2, 3, 4, 5, 6)).containsExactly(0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 0);
            assertThat(model.heads().rows(features(model, 1, 2, 3, 4, 5, 6))).isEqualTo(3);
            assertThat(features(model, 1)).as("not said twice").containsExactly(0, 1, 0, 0);
        }
        try (DividedModel model = vectors(1, PROBE)) {
            assertThat(model.heads().rows(features(model, 1, 2, 3, 4, 5, 6))).isEqualTo(6);
        }
    }

    /**
     * Frames of 240 samples with a hop of 80, in windows of eight frames with a hop of four, each of which gives eight
     * vectors.
     */
    @Test
    void shouldHaveEachFrameOnceWhereWindowsOfSeveralOverlap() {
        BaseModelManifest manifest = TestModels.audio(folder, 2, WindowPooling.MEAN_MAX);
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(PROBE, EVERY_FRAME)) {
            float[] sound = noise(16_000);
            float[] whole = model.backbone().features(List.of(new Sound(sound))).get(0);

            assertThat(model.backbone().width()).isEqualTo(12);
            assertThat(model.heads().rows(whole)).isEqualTo((16_000 - 240) / 80 + 1);
            for (int frame : new int[] {0, 3, 9, 50, 101, 197}) {
                // The frame is the first one in a clip that begins with it.
                float[] alone = features(model, Arrays.copyOfRange(sound, frame * 80, frame * 80 + 800));
                assertThat(Arrays.copyOfRange(whole, frame * 12, frame * 12 + 12))
                        .as("frame %d", frame)
                        .containsExactly(Arrays.copyOf(alone, 12), within(1e-5f));
            }
        }
    }

    @Test
    void shouldLeaveOutTheFramesOfPadding() {
        BaseModelManifest manifest = TestModels.audio(folder, 2, WindowPooling.MEAN);
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(PROBE, EVERY_FRAME)) {
            // A window takes 800 samples and gives eight frames.
            assertThat(model.heads().rows(features(model, noise(400)))).isEqualTo(4);
            assertThat(model.heads().rows(features(model, noise(1)))).isEqualTo(1);
        }
    }

    /** For any clip length and window layout, frames come in order, without repetitions or gaps. */
    @Property(tries = 300)
    void shouldLayFramesInTheirOrder(
            @ForAll @IntRange(min = 1, max = 6) int count,
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll @IntRange(min = 0, max = 9) int more,
            @ForAll @IntRange(min = 0, max = 5) int rest) {
        int step = Math.min(steps, count);
        int length = count + more * step + (step > 1 ? rest % step : 0);
        List<Integer> starts = new ArrayList<>();
        for (int start = 0; start + count <= length; start += step) {
            starts.add(start);
        }
        if ((length - count) % step != 0) {
            starts.add(length - count);
        }
        List<float[]> rows = starts.stream().map(start -> ramp(start, count)).toList();

        float[] joined = new WindowFrames(count, 1, count)
                .vector(rows, starts.stream().mapToInt(start -> start).toArray(), length);

        assertThat(joined).containsExactly(ramp(0, length));
    }

    @Test
    void shouldGiveTheSameBitsWhateverItsNeighboursAre() {
        try (DividedModel model = vectors(2, PROBE)) {
            List<ModelInput> sounds = IntStream.range(1, 40)
                    .<ModelInput>mapToObj(i -> new Sound(noise(i * 7)))
                    .toList();
            List<ModelInput> backwards = new ArrayList<>(sounds);
            Collections.reverse(backwards);

            List<float[]> features = model.backbone().features(sounds);
            List<float[]> again = model.backbone().features(backwards);

            for (int i = 0; i < features.size(); i++) {
                assertThat(features.get(i)).isEqualTo(again.get(features.size() - 1 - i));
            }
        }
    }

    @Test
    void shouldNameItsFeaturesApartFromPooledOnes() {
        BaseModelManifest manifest = TestModels.audio(folder, 2, WindowPooling.MEAN);
        try (DividedModel frames =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(PROBE, EVERY_FRAME);
                DividedModel pooled =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(PROBE)) {
            assertThat(frames.backbone().digest())
                    .isNotEqualTo(pooled.backbone().digest());
        }
    }

    @Test
    void shouldReadTheFramesOfAnEncoderOfTheWaveform() {
        // Given an encoder from windows of 8000 samples to [batch, 499, 2], as in wav2vec
        try (DividedModel model =
                BaseModelOpener.open(encoder(1), Compute.ONE_THREAD).divide(PROBE, EVERY_FRAME)) {
            float[] features = features(model, noise(4000));

            assertThat(model.heads().inputs()).isEqualTo(2);
            assertThat(model.heads().rows(features)).isBetween(248, 251);
        }
    }

    @Test
    void shouldTrainATopThatReadsEveryFrameOfOneWindow() {
        BaseModelManifest manifest = TestModels.audio(folder, 0.1, WindowPooling.MEAN);
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(FINE_TUNE, EVERY_FRAME);
                Head head = model.heads().create(5)) {
            float[] features = features(model, noise(700));

            assertThat(model.heads().rows(features)).isEqualTo(8);
            assertThat(head.logits(new float[][] {features})[0]).hasSize(8 * 5);
        }
    }

    @Test
    void shouldSayNothingTwiceWhateverThePaddingIs() {
        BaseModelManifest silent = TestModels.audio(folder, 0.1, WindowPooling.MEAN);
        AudioInput input = (AudioInput) silent.input();
        AudioInput repeats = new AudioInput(
                input.name(),
                input.sampleRate(),
                input.amplitude(),
                input.maxSeconds(),
                ClipPadding.REPEAT,
                input.reads(),
                input.windows());
        BaseModelManifest repeating =
                new BaseModelManifest("tones", "none", silent.model(), repeats, silent.cut(), silent.pooling(), false);
        for (AdaptationConfig config : List.of(PROBE, FINE_TUNE)) {
            try (DividedModel one =
                            BaseModelOpener.open(silent, Compute.ONE_THREAD).divide(config, EVERY_FRAME);
                    DividedModel other =
                            BaseModelOpener.open(repeating, Compute.ONE_THREAD).divide(config, EVERY_FRAME)) {
                assertThat(features(other, noise(300))).isEqualTo(features(one, noise(300)));
                assertThat(other.backbone().digest()).isEqualTo(one.backbone().digest());
            }
        }
    }

    @Test
    void shouldSayWhatCannotBeUsed() {
        BaseModelManifest tones = TestModels.audio(folder, 2, WindowPooling.MEAN);
        assertThatThrownBy(() -> BaseModelOpener.open(tones, Compute.ONE_THREAD)
                        .divide(PROBE.withLabels(List.of("a", "b")).withHead(kept()), EVERY_FRAME))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("every frame");
        assertThatThrownBy(() -> vectors(1, 120.0, PROBE))
                .isInstanceOf(BackboneException.class)
                .hasMessageContainingAll("16777216", "input.windows.step");
    }

    @Test
    void shouldExportLogitsOfEveryFrame() throws Exception {
        // Given heads on one vector per window, on eight per window, and one above trained layers
        BaseModelManifest tones = TestModels.audio(folder, 0.1, WindowPooling.MEAN_MAX);
        assertExported(identity(4, 4, 1), PROBE, ramp(1, 4), 1);
        assertExported(tones, PROBE, ramp(1, 8 * 12), 8);
        assertExported(tones, FINE_TUNE, ramp(1, 8 * 12), 8);
    }

    /** Compares an export with the head that it was made from, on one window. */
    private void assertExported(BaseModelManifest manifest, AdaptationConfig config, float[] window, int frames)
            throws Exception {
        AudioInput input = (AudioInput) manifest.input();
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config, EVERY_FRAME);
                OnnxBackbone below = OnnxBackbone.open(
                        AudioBackbone.ofWindows(manifest, input, false),
                        BackboneCut.unpooled(List.of(config == FINE_TUNE ? "hidden" : manifest.cut())),
                        Compute.ONE_THREAD);
                Head zero = model.heads().create(3)) {
            Map<String, Tensor.F32> parameters = new TreeMap<>(zero.state().parameters());
            parameters.replaceAll((name, tensor) -> name.startsWith("output/")
                    ? new Tensor.F32(tensor.shape(), TestModels.ramp(tensor.values().length))
                    : tensor);
            byte[] exported =
                    BaseModelOpener.open(manifest, Compute.ONE_THREAD).onnx(config, EVERY_FRAME, parameters, Map.of());
            float[] features =
                    below.features(List.of(new ModelInput.Numbers(window))).get(0);
            try (Head head = model.heads().answering(parameters)) {
                float[] expected = head.logits(new float[][] {features})[0];

                assertThat(run(exported, input, window, "logits", 1, frames, 3))
                        .containsExactly(expected, within(1e-4f));
                assertThat(run(exported, input, window, "probabilities", 1, frames, 3))
                        .hasSize(3 * frames);
            }
        }
    }

    private static float[] run(byte[] model, AudioInput input, float[] window, String output, long... shape)
            throws Exception {
        List<Long> sizes = new ArrayList<>(List.of(1L));
        input.shape().forEach(size -> sizes.add((long) size));
        long[] of = sizes.stream().mapToLong(size -> size).toArray();
        try (OrtSession session = OnnxRuntime.environment().createSession(model);
                OnnxTensor tensor = OnnxTensor.createTensor(OnnxRuntime.environment(), FloatBuffer.wrap(window), of);
                OrtSession.Result result = session.run(Map.of(input.name(), tensor))) {
            OnnxTensor value = (OnnxTensor) result.get(output).orElseThrow();
            assertThat(value.getInfo().getShape()).containsExactly(shape);
            FloatBuffer buffer = value.getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        }
    }

    private static HeadConfig kept() {
        return new HeadConfig(0, HeadConfig.OutputLayerChoice.KEEP);
    }

    private DividedModel vectors(int step, AdaptationConfig config) {
        return vectors(step, 1, config);
    }

    private DividedModel vectors(int step, double seconds, AdaptationConfig config) {
        int size = seconds > 1 ? 32 : 4;
        return BaseModelOpener.open(identity(size, step, seconds), Compute.ONE_THREAD)
                .divide(config, EVERY_FRAME);
    }

    private BaseModelManifest identity(int size, int step, double seconds) {
        AudioInput input = new AudioInput(
                "window",
                8000,
                Amplitude.UNIT,
                seconds,
                ClipPadding.REPEAT,
                new RawWaveform(),
                new ClipWindows(size, step, WindowPooling.MEAN));
        return new BaseModelManifest(
                "identity", "none", TestModels.identity(folder, size), input, "same", Pooling.NONE, true);
    }

    private BaseModelManifest encoder(double seconds) {
        ModelFile file = TestModels.frontEnd(folder);
        AudioInput input = new AudioInput(
                "sound",
                8000,
                Amplitude.UNIT,
                seconds,
                ClipPadding.ZEROS,
                new RawWaveform(),
                new ClipWindows(8000, 4000, WindowPooling.MEAN));
        return new BaseModelManifest("encoder", "none", file, input, "mel", Pooling.MEAN, false);
    }

    private static float[] features(DividedModel model, float... samples) {
        return model.backbone().features(List.of(new Sound(samples))).get(0);
    }

    private static float[] noise(int samples) {
        SplittableRandom random = new SplittableRandom(samples);
        float[] noise = tone(440, 8000, samples, 0.3);
        for (int i = 0; i < samples; i++) {
            noise[i] += (float) random.nextDouble(-0.3, 0.3);
        }
        return noise;
    }

    private static float[] ramp(int from, int count) {
        float[] ramp = new float[count];
        for (int i = 0; i < count; i++) {
            ramp[i] = from + i;
        }
        return ramp;
    }
}
