package io.headwater.fuzz;

import io.headwater.config.TaskKind;
import io.headwater.standalone.data.Dataset;
import java.io.IOException;
import java.util.stream.Stream;

/** Sentences in the format of CoNLL. */
class ConllFuzzTest extends TextFileFuzzing {
    @Override
    void read(byte[] bytes) throws IOException {
        withData(bytes, ".conll", file -> Dataset.open(file, TaskKind.TOKEN_CLASSIFICATION));
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                utf8("Ann B-PER\nran O\n\nto O\nOslo B-LOC\n"),
                utf8("-DOCSTART- -X- O O\n\nAnn NNP I-NP I-PER\r\n# text\n\n"),
                utf8("Ann\tB-PER\nran\tO\n"));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated("", "a O\n", ""), repeated("", "a O\n\n", ""), repeated("", "\n", ""), repeated("", " a", ""));
    }
}
