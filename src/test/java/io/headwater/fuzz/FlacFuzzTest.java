package io.headwater.fuzz;

import io.headwater.testing.TestSounds;
import java.util.Arrays;
import java.util.stream.Stream;

/** FLAC files. */
class FlacFuzzTest extends SoundFuzzing {
    @Override
    void read(byte[] bytes) {
        prepare(bytes, 0);
    }

    @Override
    Stream<byte[]> seeds() {
        int[] channel = new int[40];
        Arrays.setAll(channel, i -> i * 50);
        return Stream.of(
                TestSounds.flac(TestSounds.tone(440, 8000, 60, 0.5), 8000),
                TestSounds.flac(new int[][] {channel, channel}, 44_100, 24, 40));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(TestSounds.flac(TestSounds.tone(440, 48_000, 480_000, 0.5), 48_000));
    }
}
