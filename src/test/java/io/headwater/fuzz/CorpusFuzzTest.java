package io.headwater.fuzz;

import io.headwater.standalone.data.Corpus;
import java.io.IOException;
import java.util.stream.Stream;

/** Files with a text in each line. */
class CorpusFuzzTest extends TextFileFuzzing {
    @Override
    void read(byte[] bytes) throws IOException {
        withData(bytes, ".txt", file -> Corpus.read(file, null));
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(utf8("yes\nno\r\n\n\ufefföä\n"), new byte[] {-1, -2, 'a', 0, '\n', 0}, new byte[] {'a', -1});
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated("", "a\n", ""), repeated("", "\n", ""), repeated("", "a", ""), repeated("", "\r", ""));
    }
}
