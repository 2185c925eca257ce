package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.MelFilters.MelNorm;
import io.headwater.config.MelFilters.MelScale;
import io.headwater.config.Spectrum.Measure;
import io.headwater.config.Spectrum.Taper;
import io.headwater.config.WindowContent.RawWaveform;
import io.headwater.domain.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseModelFileTest {
    private static final LogMel LOG_MEL = new LogMel(
            new FrameForm(40, Axes.BINS_FRAMES, 1, 0),
            new Spectrum(512, 400, 160, Taper.HANN, Measure.POWER),
            new MelFilters(60, 7600, MelScale.SLANEY, MelNorm.NONE),
            1e-5);
    private static final Digest DIGEST = Digest.of(new byte[0]);
    private static final String IMAGE = """
            name: squeeze
            licence: MIT
            model: {location: LOCATION, digest: DIGEST}
            input:
              type: image
              name: data
              width: 224
              height: 100
              layout: nhwc
              channels: bgr
              mean: [1, 2.5, -3]
              scale: [1, 0.5, 2]
            cut: pool10
            """.replace("DIGEST", DIGEST.toString());

    private static final String AUDIO = """
            name: sounds
            licence: MIT
            model: {location: /m.onnx, digest: "DIGEST"}
            input:
              type: audio
              name: frames
              sample-rate: 16000
              max-seconds: 2.5
              reads: log-mel
              bins: 40
              axes: bins-frames
              log-mel: {fft-size: 512, frame-size: 400, hop: 160, low: 60, high: 7600, scale: slaney, floor: 1e-5}
              windows: {size: 98}
            cut: pool10
            """.replace("DIGEST", DIGEST.toString());

    @TempDir
    Path folder;

    @Test
    void shouldReadABuiltInTextModel() {
        BaseModelManifest manifest = BaseModelFile.resolve("fixture");

        assertThat(manifest)
                .isEqualTo(new BaseModelManifest(
                        "fixture",
                        "Apache-2.0",
                        new ModelFile("classpath:fixture.onnx", DIGEST),
                        new TextInput(new ModelFile("classpath:tokenizer.json", DIGEST), 128, "ids", "mask", ""),
                        "hidden",
                        Pooling.MEAN,
                        true));
    }

    @Test
    void shouldReadAnImageModelBesideItsManifest() throws Exception {
        BaseModelManifest manifest = read(IMAGE.replace("LOCATION", "parts/../model.onnx"));

        assertThat(manifest)
                .isEqualTo(new BaseModelManifest(
                        "squeeze",
                        "MIT",
                        new ModelFile(folder.resolve("model.onnx").toString(), DIGEST),
                        new ImageInput(
                                "data",
                                224,
                                100,
                                ImageLayout.NHWC,
                                Channels.BGR,
                                List.of(1.0, 2.5, -3.0),
                                List.of(1.0, 0.5, 2.0)),
                        "pool10",
                        Pooling.NONE,
                        false));
    }

    @Test
    void shouldReadATextModelWithPositionsAndAPast() {
        BaseModelManifest manifest = BaseModelFile.parse("x", """
                name: gpt
                licence: MIT
                family: gpt2
                model:
                  location: /m/model.onnx
                  digest: DIGEST
                  files: [/m/weights one.bin DIGEST]
                input:
                  type: text
                  tokenizer: {location: /m/tokenizer.json, digest: DIGEST}
                  max-tokens: 64
                  ids: input_ids
                  positions: position_ids
                  past: [past_0, past_1]
                cut: hidden
                blocks: [block_1, block_0+mask]
                pooling: last
                """.replace("DIGEST", DIGEST.toString()));

        assertThat(manifest)
                .isEqualTo(new BaseModelManifest(
                        "gpt",
                        "MIT",
                        "gpt2",
                        new ModelFile("/m/model.onnx", DIGEST),
                        List.of(new ModelFile("/m/weights one.bin", DIGEST)),
                        new TextInput(
                                new ModelFile("/m/tokenizer.json", DIGEST),
                                64,
                                "input_ids",
                                "",
                                "",
                                "position_ids",
                                List.of("past_0", "past_1")),
                        "hidden",
                        List.of("block_1", "block_0+mask"),
                        Pooling.LAST,
                        false));
    }

    @Test
    void shouldReadAModelOfReadyMadeNumbers() {
        String yaml = IMAGE.substring(0, IMAGE.indexOf("input:")).replace("LOCATION", "/m.onnx") + """
                input: {type: tensor, name: obs, shape: [76, 32, 1], zeros: [state_ins]}
                cut: hidden
                """;

        assertThat(BaseModelFile.parse("x", yaml).input())
                .isEqualTo(new TensorInput("obs", List.of(76, 32, 1), List.of("state_ins")));
        assertThatThrownBy(() -> BaseModelFile.parse("x", yaml.replace("[76, 32, 1]", "[3000, 3000]")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("input.shape must have at most 4194304 values in all, but is [3000, 3000]");
    }

    @Test
    void shouldReadAModelOfSound() {
        assertThat(BaseModelFile.parse("x", AUDIO).input())
                .isEqualTo(new AudioInput(
                        "frames",
                        16_000,
                        Amplitude.UNIT,
                        2.5,
                        ClipPadding.ZEROS,
                        LOG_MEL,
                        new ClipWindows(98, 98, WindowPooling.MEAN)));
        String stage = AUDIO.substring(0, AUDIO.indexOf("  reads")) + """
                  amplitude: int16
                  padding: repeat
                  reads: stage
                  bins: 32
                  axes: frames-bins-channel
                  factor: 0.1
                  offset: 2
                  stage: {location: /front.onnx, digest: "DIGEST", input: samples, output: mel}
                  windows: {size: 76, step: 8, pooling: mean-max}
                cut: pool10
                """.replace("DIGEST", DIGEST.toString());
        assertThat(BaseModelFile.parse("x", stage).input())
                .isEqualTo(new AudioInput(
                        "frames",
                        16_000,
                        Amplitude.INT16,
                        2.5,
                        ClipPadding.REPEAT,
                        new Stage(
                                new FrameForm(32, Axes.FRAMES_BINS_CHANNEL, 0.1, 2),
                                new ModelFile("/front.onnx", DIGEST),
                                "samples",
                                "mel"),
                        new ClipWindows(76, 8, WindowPooling.MEAN_MAX)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sample-rate: 16000|sample-rate: 96000|input.sample-rate must be a whole number from 8000 to 48000",
                "max-seconds: 2.5|max-seconds: 0|input.max-seconds must be",
                "reads: log-mel|reads: mfcc|input.reads must be waveform or log-mel or stage",
                "fft-size: 512|fft-size: 511|input.log-mel.fft-size must be an even number",
                "frame-size: 400|frame-size: 600|input.log-mel.frame-size must be at most input.log-mel.fft-size, which is 512",
                "high: 7600|high: 8001|and at most half of input.sample-rate, which is 16000, but is 8001",
                "high: 7600|high: 60|input.log-mel.high must be above input.log-mel.low, which is 60.0",
                "size: 98|size: 4194304|input.windows.size must give windows of at most 4194304 values",
                "bins: 40|bin: 40|input.bins is missing",
                "floor: 1e-5|floor: 0|input.log-mel.floor must be",
                "hop: 160|hop: 160, lift: 2|log-mel.lift' is not a key here",
            })
    void shouldRefuseSoundThatBreaksARule(String right, String wrong, String message) {
        assertThat(AUDIO).contains(right);
        assertThatThrownBy(() -> BaseModelFile.parse("x", AUDIO.replace(right, wrong)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    private static AudioInput audio(WindowContent reads, ClipWindows windows) {
        return new AudioInput("sound", 22_050, Amplitude.INT16, 1.5, ClipPadding.REPEAT, reads, windows);
    }

    @Test
    void shouldReadBackWhatItWrites() throws Exception {
        ModelFile inside =
                new ModelFile(folder.resolve("parts/model #1: \"a\".onnx").toString(), DIGEST);
        ModelFile outside = new ModelFile("/elsewhere/tokenizer.json", DIGEST);
        List<BaseModelInput> inputs = List.of(
                new TextInput(outside, 64, "ids", "", "yes", "positions: 1", List.of("past_0", "past, 1")),
                new TextInput(outside, 64, "ids", "mask", ""),
                new ImageInput(
                        "1x", 4, 5, ImageLayout.NCHW, Channels.RGB, List.of(0.0, 1.5, -2.0), List.of(1.0, 1e-3, 1.0)),
                new TensorInput("obs", List.of(76, 32, 1), List.of("state")),
                audio(new RawWaveform(), new ClipWindows(16_000, 8000, WindowPooling.MEAN)),
                audio(LOG_MEL, new ClipWindows(98, 98, WindowPooling.MEAN_DEVIATION)),
                audio(
                        new Stage(new FrameForm(32, Axes.CHANNEL_BINS_FRAMES, 0.1, 2), inside, "a b", "out: 1"),
                        new ClipWindows(76, 8, WindowPooling.MAX)));
        for (BaseModelInput input : inputs) {
            BaseModelManifest manifest = new BaseModelManifest(
                    "m.1",
                    "see \\ 'LICENCE'",
                    "gpt2",
                    inside,
                    List.of(inside),
                    input,
                    "/layer/Add_output_0",
                    List.of("a+b", "832"),
                    Pooling.LAST,
                    true,
                    List.of("yes", "a, b", "é: \"c\""));

            String yaml = BaseModelFile.write(manifest, folder, Map.of("cut", "the last one\nbut one"));

            assertThat(read(yaml)).isEqualTo(manifest);
            assertThat(yaml).contains("# the last one but one\ncut: ").doesNotContain(folder.toString());
        }
    }

    @Test
    void shouldResolveANameInTheModelsFolder() throws Exception {
        String setting = "headwater.models";
        Path added = Files.createDirectories(folder.resolve("models/mine"));
        Files.writeString(added.resolve("manifest.yaml"), IMAGE.replace("LOCATION", "model.onnx"));
        System.setProperty(setting, folder.resolve("models").toString());
        try {
            assertThat(BaseModelFile.resolve("mine").model())
                    .isEqualTo(new ModelFile(added.resolve("model.onnx").toString(), DIGEST));
            assertThatThrownBy(() -> BaseModelFile.resolve("yours"))
                    .hasMessageContaining("use one of minilm, minilm-int8, e5-small-int8, mine");
        } finally {
            System.clearProperty(setting);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[weights.bin]|must be a location, a space and a digest",
                "[weights.bin sha256:12]|must be a location, a space and a digest",
                "[../weights.bin DIGEST]|a path within the manifest's folder, but is '../weights.bin'",
            })
    void shouldRefuseFurtherFilesThatAreNotNamedWell(String files, String message) {
        String yaml =
                IMAGE.replace("LOCATION", "m.onnx") + "model.files: " + files.replace("DIGEST", DIGEST.toString());

        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("model.files")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.onnx", "a/../../model.onnx", ".", "https://host/model.onnx", "classpath:/x"})
    void shouldRefuseALocationOutsideTheFolder(String location) {
        ConfigurationException e =
                catchThrowableOfType(ConfigurationException.class, () -> read(IMAGE.replace("LOCATION", location)));

        assertThat(e.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("model.location must be", location));
    }

    @Test
    void shouldRefuseARelativeLocationWithoutAFolder() {
        assertThatThrownBy(() -> BaseModelFile.parse("x", IMAGE.replace("LOCATION", "model.onnx")))
                .isInstanceOf(ConfigurationException.class);
        assertThat(BaseModelFile.parse("x", IMAGE.replace("LOCATION", "/m.onnx"))
                        .model())
                .isEqualTo(new ModelFile("/m.onnx", DIGEST));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mean: [1, 2.5, -3]|mean: [1, 2]|input.mean must have 3 values",
                "scale: [1, 0.5, 2]|scale: [1, 0, 2]|input.scale must be",
                "width: 224|width: 4097|input.width must be",
                "layout: nhwc|layout: hwc|input.layout must be nchw or nhwc",
                "type: image|type: sound|input.type must be text or image or tensor or audio",
                "name: data|max-tokens: 3|input.name is missing",
                "cut: pool10|cut: pool10\\nnormalise: yes|normalise must be true or false",
                "cut: pool10|cutt: pool10|did you mean 'cut'?",
            })
    void shouldRefuseWhatBreaksARule(String right, String wrong, String message) {
        String yaml = IMAGE.replace("LOCATION", "m.onnx").replace(right, wrong.replace("\\n", "\n"));

        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldReportAnUnknownTypeWithoutFaultsThatFollowFromIt() {
        String yaml = IMAGE.replace("LOCATION", "m.onnx").replace("type: image", "type: sound");

        assertThat(catchThrowableOfType(ConfigurationException.class, () -> read(yaml))
                        .faults())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonesuch", "..", "a b", ""})
    void shouldListTheKnownNamesWhenThereIsNoSuchModel(String name) {
        assertThatThrownBy(() -> BaseModelFile.builtIn(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + name + "'", "minilm", "path of a manifest");
    }

    @Test
    void shouldKnowEveryBuiltInManifestByName() throws Exception {
        Path manifests = Path.of("src/main/resources/base-models");
        if (Files.isDirectory(manifests)) {
            try (Stream<Path> files = Files.list(manifests)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrderElementsOf(BaseModelFile.BUILT_IN.stream()
                                .map(name -> name + ".yaml")
                                .toList());
            }
            assertThat(BaseModelFile.BUILT_IN)
                    .allSatisfy(name ->
                            assertThat(BaseModelFile.builtIn(name).name()).isEqualTo(name));
        }
    }

    private BaseModelManifest read(String yaml) throws Exception {
        Path file = folder.resolve("manifest.yaml");
        Files.writeString(file, yaml);
        return BaseModelFile.resolve(file.toString());
    }
}
