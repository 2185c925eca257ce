package io.headwater.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;

/** Raw samples: the first four bytes are the sample rate, and the rest are the samples. */
class RawSoundFuzzTest extends SoundFuzzing {
    @Override
    void read(byte[] bytes) {
        if (bytes.length >= Integer.BYTES) {
            prepare(
                    Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length),
                    ByteBuffer.wrap(bytes).getInt());
        }
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(8000, 44_100, Integer.MAX_VALUE, -1)
                .map(rate -> ByteBuffer.allocate(64).putInt(rate).array());
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(1, 7, 8000, 15_999, 384_000, Integer.MAX_VALUE)
                .map(rate ->
                        ByteBuffer.allocate(ReaderBounds.MAX_INPUT).putInt(rate).array());
    }
}
