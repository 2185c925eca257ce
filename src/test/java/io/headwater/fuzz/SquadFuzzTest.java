package io.headwater.fuzz;

import io.headwater.config.TaskKind;
import io.headwater.standalone.data.Dataset;
import java.io.IOException;
import java.util.stream.Stream;

/** Questions in the format of SQuAD. */
class SquadFuzzTest extends TextFileFuzzing {
    private static final String BEGIN = "{\"data\":[{\"paragraphs\":[{\"context\":\"Ann ran\",\"qas\":[";
    private static final String QUESTION =
            "{\"id\":\"1\",\"question\":\"Who?\",\"answers\":[{\"text\":\"Ann\",\"answer_start\":0}]}";
    private static final String END = "]}]}]}";

    @Override
    void read(byte[] bytes) throws IOException {
        withData(bytes, ".json", file -> Dataset.open(file, TaskKind.QUESTION_ANSWERING));
    }

    @Override
    Stream<byte[]> seeds() {
        String impossible = "{\"id\":\"2\",\"question\":\"Why?\",\"answers\":[],\"is_impossible\":true}";
        return Stream.of(utf8(BEGIN + QUESTION + "," + impossible + END));
    }

    @Override
    Stream<byte[]> large() {
        String answer = "{\"text\":\"b\",\"answer_start\":%d}";
        String late = "{\"data\":[{\"paragraphs\":[{\"context\":\"" + "a".repeat(500_000)
                + "b\",\"qas\":[{\"question\":\"Who?\",\"answers\":[";
        return Stream.of(
                repeated(BEGIN + QUESTION, "," + QUESTION, END),
                repeated(BEGIN, "[],", "[]" + END),
                repeated(late + answer.formatted(500_000), "," + answer.formatted(500_000), "]}" + END),
                repeated(late, "{},", answer.formatted(500_000) + "]}" + END),
                repeated("", "{\"data\":[", ""));
    }
}
