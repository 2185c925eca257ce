package io.headwater.fuzz;

import io.headwater.testing.TestSounds;
import java.util.stream.Stream;

/** WAV files. */
class WavFuzzTest extends SoundFuzzing {
    @Override
    void read(byte[] bytes) {
        prepare(bytes, 0);
    }

    @Override
    Stream<byte[]> seeds() {
        float[] tone = TestSounds.tone(440, 8000, 60, 0.5);
        return Stream.of(
                TestSounds.wav(tone, 8000),
                TestSounds.wav(tone, 8000, TestSounds.INTEGERS, 1, 8),
                TestSounds.wav(tone, 44_100, TestSounds.INTEGERS, 2, 24),
                TestSounds.wav(tone, 48_000, TestSounds.FLOATS, 1, 32));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                TestSounds.wav(TestSounds.tone(440, 384_000, 499_000, 0.5), 384_000),
                TestSounds.wav(TestSounds.tone(440, 8000, 400_000, 0.5), 8000));
    }
}
