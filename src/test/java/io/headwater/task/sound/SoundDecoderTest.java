package io.headwater.task.sound;

import static io.headwater.task.Rejections.assertRejected;
import static io.headwater.testing.TestSounds.FLOATS;
import static io.headwater.testing.TestSounds.INTEGERS;
import static io.headwater.testing.TestSounds.tone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.testing.TestSounds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoundDecoderTest {
    private static final SoundDecoder DECODER = new SoundDecoder(new LimitsConfig(1, 1, 1, 1 << 20, 5, 10));
    private static final float[] TONE = tone(300, 8000, 800, 0.7);
    private static final byte[] WAV = TestSounds.wav(TONE, 8000);
    private static final byte[] FLAC = TestSounds.flac(tone(300, 8000, 6000, 0.7), 8000);
    /** Where things stand in a WAV file of this test. */
    private static final int CHANNELS = 22;

    private static final int RATE = 24;
    private static final int BITS = 34;
    private static final int DATA_SIZE = 12 + 8 + 16 + 8 + 4 + 4;

    @ParameterizedTest
    @CsvSource({"1, 8, 1e-2", "1, 16, 1e-4", "1, 24, 1e-6", "1, 32, 1e-6", "3, 32, 1e-7"})
    void shouldReadEveryWidthOfAWavFile(int kind, int bits, float precision) {
        Sound sound = sound(TestSounds.wav(TONE, 11_025, kind, 1, bits), 0);

        assertThat(sound.rate()).isEqualTo(11_025);
        assertThat(sound.samples()).hasSameSizeAs(TONE);
        for (int i = 0; i < TONE.length; i++) {
            assertThat(sound.samples()[i]).isCloseTo(TONE[i], within(precision));
        }
    }

    @Test
    void shouldMixChannelsDown() {
        float[] stereo = new float[2 * TONE.length];
        for (int i = 0; i < TONE.length; i++) {
            stereo[2 * i] = TONE[i];
            stereo[2 * i + 1] = 0.25f;
        }

        float[] mixed = sound(TestSounds.wav(stereo, 8000, INTEGERS, 2, 24), 0).samples();

        assertThat(mixed).hasSameSizeAs(TONE);
        assertThat(mixed[100]).isCloseTo((TONE[100] + 0.25f) / 2, within(1e-5f));
    }

    @Test
    void shouldReadAnExtensibleHeader() {
        byte[] plain = TestSounds.header(0xfffe, 1, 8000, 16);
        byte[] extensible = ByteBuffer.allocate(40)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(plain)
                .putShort((short) 22)
                .putShort((short) 16)
                .putInt(0)
                .putShort((short) INTEGERS)
                .array();

        assertThat(sound(TestSounds.wav(extensible, TestSounds.pcm(TONE)), 0).samples())
                .isEqualTo(sound(WAV, 0).samples());
    }

    @Test
    void shouldReadAFlacFileAndRawSamplesAsTheWavFile() {
        float[] expected = sound(WAV, 0).samples();

        assertThat(sound(TestSounds.flac(TONE, 8000), 0).samples()).isEqualTo(expected);
        assertThat(sound(TestSounds.pcm(TONE), 8000).samples()).isEqualTo(expected);
    }

    @Test
    void shouldMixAFlacFileOfSeveralFramesAndChannelsDown() {
        int[][] channels = new int[2][9000];
        for (int i = 0; i < 9000; i++) {
            channels[0][i] = (i * 7919 % 65_536 - 32_768) * 256;
            channels[1][i] = -1_000_000;
        }

        Sound sound = sound(TestSounds.flac(channels, 48_000, 24, 9000), 0);

        assertThat(sound.rate()).isEqualTo(48_000);
        assertThat(sound.samples()).hasSize(9000);
        assertThat(sound.samples()[8999]).isCloseTo((channels[0][8999] - 1_000_000) / 2f / (1 << 23), within(1e-6f));
    }

    @Test
    void shouldRejectWhatHoldsNoSound() {
        assertBad(new byte[0], 0, "signature of neither and no rate");
        assertBad(new byte[0], 16_000, "last at least 10 ms, but has 0 samples at 16000 Hz");
        assertBad(TestSounds.wav(new float[0], 8000), 0, "has 0 samples");
        assertBad(TestSounds.wav(new float[] {0.5f}, 8000), 0, "last at least 10 ms, but has 1 samples at 8000 Hz");
        assertBad(TestSounds.flac(new float[] {0.5f}, 8000), 0, "has 1 samples");
        assertBad(new byte[2], 16_000, "has 1 samples");
        assertBad(new byte[3], 16_000, "even number of bytes");
        assertBad("an MP3, or a text".getBytes(StandardCharsets.US_ASCII), 0, "signature of neither");
    }

    @Test
    void shouldRejectSilence() {
        for (float level : new float[] {0, 0.5f}) {
            float[] silence = new float[800];
            Arrays.fill(silence, level);
            assertBad(TestSounds.wav(silence, 8000), 0, "more than silence, but all of its 800 samples are alike");
            assertBad(TestSounds.flac(silence, 8000), 0, "more than silence");
            assertBad(TestSounds.pcm(silence), 8000, "more than silence");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void shouldRejectFloatsThatAreNotFinite(float bad) {
        float[] samples = TONE.clone();
        samples[17] = bad;

        assertRejected(
                decode(TestSounds.wav(samples, 8000, FLOATS, 1, 32), 0), Reason.NOT_FINITE, "sample 17 is " + bad);
    }

    @Test
    void shouldRejectAFormatThatItDoesNotKnow() {
        assertBad(changed(WAV, BITS, 96), 0, "but is of format 1 with 96 bits");
        assertBad(changed(WAV, 20, 85), 0, "but is of format 85 with 16 bits");
        assertBad(changed(WAV, CHANNELS, 0), 0, "declares 2");
        assertBad(changed(WAV, CHANNELS, 2), 0, "have 4 bytes for 2 samples of 16 bits, but declares 2");
        assertBad(TestSounds.wav(TestSounds.header(1, 0, 8000, 16), new byte[8]), 0, "samples of 0");
        assertBad(
                TestSounds.wav(TestSounds.header(1, 9, 8000, 16), new byte[18 * 80]), 0, "1 to 8 channels, but has 9");
        assertBad(TestSounds.wav(new byte[14], new byte[160]), 0, "of at least 16 bytes, but it has 14");
        for (int rate : new int[] {0, 7999, 48_001, 96_000}) {
            assertBad(changed(WAV, RATE, rate), 0, "8000 to 48000 Hz, but has " + rate);
        }
        assertBad(new byte[800], 7999, "but has 7999");
        assertBad(new byte[800], Integer.MAX_VALUE, "but has 2147483647");
    }

    @Test
    void shouldRejectThreeHoursBeforeItTakesMemoryForThem() {
        long hours = 3 * 3600L * 8000;
        byte[] wav = TestSounds.wav(TestSounds.header(INTEGERS, 1, 8000, 8), new byte[6 * 8000]);
        byte[] flac = TestSounds.flac(new int[][] {new int[100]}, 8000, 16, hours);

        assertRejected(decode(wav, 0), Reason.TOO_LARGE, "at most 5 s, but declares 6");
        assertRejected(decode(flac, 0), Reason.TOO_LARGE, "at most 5 s, but declares 10800; cut it");
        assertBad(changed(WAV, DATA_SIZE, (int) (2 * hours)), 0, "a chunk declares 172800000 bytes of which 1600");
        assertRejected(decode(new byte[(1 << 20) + 2], 8000), Reason.TOO_LARGE, "'limits.audio-bytes'");
    }

    @Test
    void shouldRejectAFlacFileThatIsNotWhatItSays() {
        byte[] damaged = FLAC.clone();
        damaged[FLAC.length - 100] ^= 1;
        assertBad(damaged, 0, "damaged");
        // Without an MD5 the checksum of each frame is what tells.
        Arrays.fill(damaged, 26, 42, (byte) 0);
        assertBad(damaged, 0, "damaged");
        byte[] undigested = FLAC.clone();
        Arrays.fill(undigested, 26, 42, (byte) 0);
        assertThat(sound(undigested, 0).samples()).isEqualTo(sound(FLAC, 0).samples());
        byte[] longer = FLAC.clone();
        longer[25] = 0x71;
        assertBad(longer, 0, "samples");
        byte[] unknown = FLAC.clone();
        unknown[21] &= (byte) 0xf0;
        Arrays.fill(unknown, 22, 26, (byte) 0);
        assertBad(unknown, 0, "does not say how long it is");
        assertBad(Arrays.copyOf(FLAC, 30), 0, "does not begin with a description of its stream");
        assertBad(Arrays.copyOf(FLAC, 45), 0, "cut off within its metadata");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00ff", "\u00ff\u00f8", "TAG and a title", "\u00ff\u00ff\u00f8\u0070", ""})
    void shouldIgnoreWhatFollowsTheLastFrameOfAFlacFile(String trailer) {
        byte[] tag = trailer.getBytes(StandardCharsets.ISO_8859_1);
        byte[] file = Arrays.copyOf(FLAC, FLAC.length + tag.length);
        System.arraycopy(tag, 0, file, FLAC.length, tag.length);

        Outcome<Sound> outcome = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> decode(file, 0));

        assertThat(((Outcome.Ok<Sound>) outcome).value().samples())
                .isEqualTo(sound(FLAC, 0).samples());
    }

    /** A frame that cannot be read, over and over: the library must neither try again for ever nor decode each. */
    @Test
    void shouldRejectAFlacFileOfManyBadFrames() {
        byte[] whole = TestSounds.flac(tone(300, 8000, 6000, 0.7), 8000);
        byte[] file = Arrays.copyOf(whole, 1 << 20);
        int frames = 4 + 4 + 34 + 4 + 8;
        for (int at = frames; at + 20 < file.length; at += 20) {
            System.arraycopy(whole, frames, file, at, 9);
            file[at + 8] = 0x7e;
        }

        Outcome<Sound> outcome = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> decode(file, 0));

        assertRejected(outcome, Reason.BAD_PAYLOAD, "whole FLAC file");
    }

    @Property
    void shouldFinishWhateverFollowsAFlacFile(@ForAll @Size(max = 40) byte[] trailer) {
        byte[] file = Arrays.copyOf(FLAC, FLAC.length + trailer.length);
        System.arraycopy(trailer, 0, file, FLAC.length, trailer.length);
        // Without its last byte, the file is cut off, and what follows stands for the rest.
        byte[] cut = Arrays.copyOf(FLAC, FLAC.length - 1 + trailer.length);
        System.arraycopy(trailer, 0, cut, FLAC.length - 1, trailer.length);

        assertThat(decode(file, 0)).isInstanceOf(Outcome.Ok.class);
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(30), () -> decode(cut, 0)))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {0xffff_ffffL, 0x7fff_ffffL, 0x7fff_f000L, 0x8000_0000L, 0})
    void shouldReadAWavFileOfUnknownLengthToItsEnd(long size) {
        byte[] file = changed(WAV, DATA_SIZE, (int) size);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, (int) size);

        assertThat(sound(file, 0).samples()).isEqualTo(sound(WAV, 0).samples());
        // A program that was stopped leaves half of a sample.
        assertThat(sound(Arrays.copyOf(file, file.length - 1), 0).samples()).hasSize(TONE.length - 1);
        assertRejected(decode(Arrays.copyOf(file, 12 + 24 + 12 + 8), 0), Reason.BAD_PAYLOAD, "has 0 samples");
    }

    @Property
    void shouldRejectAFileThatIsCutOffAnywhere(@ForAll @IntRange(max = 12_100) int length, @ForAll boolean wav) {
        byte[] whole = wav ? WAV : FLAC;
        byte[] part = Arrays.copyOf(whole, Math.min(length, whole.length - 1));

        assertThat(decode(part, 0)).isInstanceOf(Outcome.Rejected.class);
    }

    @Property
    void shouldRejectOrReadWhateverIsWrittenIntoAFile(
            @ForAll @Size(min = 1, max = 6) byte[] noise, @ForAll @IntRange(max = 1599) int at, @ForAll boolean wav) {
        byte[] file = (wav ? WAV : FLAC).clone();
        System.arraycopy(noise, 0, file, at % (file.length - noise.length), noise.length);

        assertThat(decode(file, 0)).isNotNull();
    }

    @Property
    void shouldRejectOrReadWhateverIsWrittenIntoAHeader(
            @ForAll @Size(min = 1, max = 6) byte[] noise, @ForAll @IntRange(max = 60) int at, @ForAll boolean wav) {
        byte[] file = (wav ? WAV : FLAC).clone();
        System.arraycopy(noise, 0, file, at, noise.length);

        assertThat(decode(file, 0)).isNotNull();
    }

    private static void assertBad(byte[] file, int rate, String message) {
        assertRejected(decode(file, rate), Reason.BAD_PAYLOAD, message);
    }

    private static Sound sound(byte[] bytes, int rate) {
        Outcome<Sound> outcome = decode(bytes, rate);
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<Sound>) outcome).value();
    }

    private static Outcome<Sound> decode(byte[] bytes, int rate) {
        return DECODER.decode(new Payload.Waveform(bytes, rate));
    }

    /** With a number of 16 bits, or of 32 where it is a rate or a size, in place of another. */
    private static byte[] changed(byte[] file, int at, int value) {
        ByteBuffer changed = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
        if (at == RATE || at == DATA_SIZE) {
            changed.putInt(at, value);
        } else {
            changed.putShort(at, (short) value);
        }
        return changed.array();
    }
}
