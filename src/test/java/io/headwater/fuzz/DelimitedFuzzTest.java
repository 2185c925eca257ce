package io.headwater.fuzz;

import io.headwater.config.TaskKind;
import io.headwater.standalone.data.Columns;
import io.headwater.standalone.data.Corpus;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Reads;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** Tables in CSV and TSV: the first two bytes choose the format and the task, and the rest is the table. */
class DelimitedFuzzTest extends TextFileFuzzing {
    @Override
    void read(byte[] bytes) throws IOException {
        if (bytes.length < 2) {
            return;
        }
        byte[] table = Arrays.copyOfRange(bytes, 2, bytes.length);
        String ending = bytes[0] % 2 == 0 ? ".csv" : ".tsv";
        TaskKind task = TaskKind.values()[(bytes[1] & 0xff) % TaskKind.values().length];
        Reads reads = Reads.values()[(bytes[0] >> 1 & 0x7f) % Reads.values().length];
        withData(table, ending, file -> Dataset.open(file, task, Columns.of(reads)));
        withData(table, ending, file -> Corpus.read(file, null));
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                        "label,text\ngood,\"yes, \"\"well\"\"\"\nbad,no\n",
                        "good\tyes\nbad\tno\n",
                        "label,numbers\n1,\"1 2,3\"\n",
                        "a|b\tyes\n|\tno\n",
                        "4.5 3\tyes\n",
                        "label,image\ncat,a/b.png\n",
                        "label,text\n\"open")
                .flatMap(DelimitedFuzzTest::chosen);
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated(csv(TaskKind.TEXT_CLASSIFICATION), "a,b\n", ""),
                repeated(csv(TaskKind.TEXT_CLASSIFICATION) + "a,\"", "\n", ""),
                repeated(csv(TaskKind.TEXT_CLASSIFICATION), ",", ""),
                repeated(csv(TaskKind.TEXT_CLASSIFICATION), "\"\n", ""),
                repeated(csv(TaskKind.MULTI_LABEL_CLASSIFICATION), "a|", ",b"),
                repeated(csv(TaskKind.REGRESSION), "1 ", ",b"),
                repeated(csv(TaskKind.TENSOR_CLASSIFICATION) + "a,", "1 ", ""),
                repeated("\1" + (char) TaskKind.TEXT_CLASSIFICATION.ordinal(), "a\tb\n", ""),
                repeated("\1" + (char) TaskKind.TEXT_CLASSIFICATION.ordinal(), "\t", ""));
    }

    private static String csv(TaskKind task) {
        return "\0" + (char) task.ordinal() + "label,text\n";
    }

    /** Each format with the tasks whose labels differ. */
    private static Stream<byte[]> chosen(String table) {
        return Stream.of(TaskKind.TEXT_CLASSIFICATION, TaskKind.MULTI_LABEL_CLASSIFICATION, TaskKind.REGRESSION)
                .flatMap(task -> Stream.of("\0", "\1", "\3").map(how -> utf8(how + (char) task.ordinal() + table)));
    }
}
