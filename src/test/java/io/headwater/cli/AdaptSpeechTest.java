package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelFile;
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
import io.headwater.engine.TestModels;
import io.headwater.testing.TestSounds;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Tests speech recognition from folders through the real broker to error rates, with artificial speech: a tone of its
 * own for each character and for the space between words.
 */
@Timeout(300)
class AdaptSpeechTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RATE = 8000;
    private static final String CHARACTERS = "abc ";
    private static final double[] HEIGHTS = {300, 800, 2600, 1500};
    private static final int LETTERS = 3;

    @TempDir
    private Path folder;

    @Test
    void shouldWriteDownWhatWasSaid() throws Exception {
        // Given recordings of which some cannot be used: too short for the transcript, or damaged
        BaseModelManifest model = model();
        Path added = Files.createDirectories(folder.resolve("models/speech-embedding"));
        Files.writeString(added.resolve("manifest.yaml"), BaseModelFile.write(model, added, Map.of()));
        Path train = folder.resolve("train");
        recordings(train, 160, 5);
        byte[] whole = TestSounds.wav(TestSounds.tone(300, RATE, 1000, 0.5), RATE);
        Files.write(train.resolve("1/0/crowded.wav"), whole);
        Files.write(train.resolve("1/0/damaged.wav"), Arrays.copyOf(whole, 500));
        Files.writeString(
                train.resolve("1/0/1-0.trans.txt"),
                "crowded " + "abc".repeat(100) + "\ndamaged a\nmissing a\n",
                StandardOpenOption.APPEND);
        Path test = folder.resolve("test");
        recordings(test, 40, 6);

        // When
        JsonNode report = adapt(train, test);

        // Then
        assertThat(report.get("trainSamples").asInt()).isEqualTo(162);
        assertThat(report.get("deadLetters").asInt()).isEqualTo(2);
        assertThat(report.get("testSamples").asInt()).isEqualTo(40);
        assertThat(report.get("wer").asDouble())
                .isLessThan(0.3)
                .isLessThan(report.get("majorityWer").asDouble());
        assertThat(report.get("cer").asDouble()).isLessThan(0.15);
        assertThat(report.get("linearProbeWer").asDouble()).isNotNegative();
    }

    /** Returns a base model whose features are its windows of 8 frames of 12 bins unchanged, one every 30 ms. */
    private BaseModelManifest model() {
        LogMel mel = new LogMel(
                new FrameForm(12, Axes.FRAMES_BINS, 0.2, 1),
                new Spectrum(256, 240, 80, Taper.HANN, Measure.POWER),
                new MelFilters(60, 3800, MelScale.HTK, MelNorm.NONE),
                1e-4);
        AudioInput input = new AudioInput(
                "window", RATE, Amplitude.UNIT, 3, ClipPadding.ZEROS, mel, new ClipWindows(8, 3, WindowPooling.MEAN));
        return new BaseModelManifest(
                "tones", "none", TestModels.identity(folder, 8, 12), input, "same", Pooling.NONE, false);
    }

    private static void recordings(Path root, int count, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Path chapter = Files.createDirectories(root.resolve("1/0"));
        StringBuilder transcripts = new StringBuilder();
        for (int i = 0; i < count; i++) {
            StringBuilder predicted = new StringBuilder();
            ByteArrayOutputStream sound = new ByteArrayOutputStream();
            for (int words = random.nextInt(1, 4); words > 0; words--) {
                for (int letters = random.nextInt(1, 4); letters > 0; letters--) {
                    say(sound, predicted, random.nextInt(LETTERS), random);
                }
                if (words > 1) {
                    say(sound, predicted, LETTERS, random);
                }
            }
            Files.write(
                    chapter.resolve("1-0-%d.wav".formatted(i)),
                    TestSounds.wav(TestSounds.header(TestSounds.INTEGERS, 1, RATE, 16), sound.toByteArray()));
            transcripts.append("1-0-%d %s%n".formatted(i, predicted));
        }
        Files.writeString(chapter.resolve("1-0.trans.txt"), transcripts);
    }

    private static void say(ByteArrayOutputStream sound, StringBuilder predicted, int which, SplittableRandom random) {
        predicted.append(CHARACTERS.charAt(which));
        double hertz = HEIGHTS[which] * random.nextDouble(0.9, 1.1);
        float[] tone = TestSounds.tone(hertz, RATE, random.nextInt(500, 800), 0.5);
        sound.writeBytes(TestSounds.pcm(tone));
        sound.writeBytes(TestSounds.pcm(new float[random.nextInt(300, 500)]));
    }

    private JsonNode adapt(Path train, Path test) throws Exception {
        System.setProperty("headwater.models", folder.resolve("models").toString());
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            int code = HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .execute(
                            "adapt",
                            "--config",
                            "docs/examples/automatic-speech-recognition.yaml",
                            "--train",
                            train.toString(),
                            "--test",
                            test.toString(),
                            "--json");
            assertThat(code).isZero();
        } finally {
            System.setOut(before);
            System.clearProperty("headwater.models");
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        return JSON.readTree(lines.get(lines.size() - 1));
    }
}
