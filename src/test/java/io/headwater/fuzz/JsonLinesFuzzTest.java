package io.headwater.fuzz;

import io.headwater.config.TaskKind;
import io.headwater.standalone.data.Corpus;
import io.headwater.standalone.data.Dataset;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** JSON Lines of every task, transitions and episodes among them: the first byte is the number of the task. */
class JsonLinesFuzzTest extends TextFileFuzzing {
    @Override
    void read(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        TaskKind task = TaskKind.values()[(bytes[0] & 0xff) % TaskKind.values().length];
        byte[] lines = Arrays.copyOfRange(bytes, 1, bytes.length);
        withData(lines, ".jsonl", file -> Dataset.open(file, task));
        withData(lines, ".jsonl", file -> Corpus.read(file, null));
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                line(TaskKind.TEXT_CLASSIFICATION, "{\"label\":\"good\",\"text\":\"yes\"}\n{\"label\":1}\n"),
                line(TaskKind.MULTI_LABEL_CLASSIFICATION, "{\"label\":[\"a\",\"b\"],\"text\":\"yes\"}"),
                line(TaskKind.REGRESSION, "{\"label\":[1.5,2],\"text\":\"yes\"}\n{\"label\":1e400,\"text\":\"a\"}"),
                line(TaskKind.TENSOR_CLASSIFICATION, "{\"label\":\"a\",\"numbers\":[1,2]}"),
                line(
                        TaskKind.REINFORCEMENT_LEARNING,
                        "{\"observation\":[1,2],\"action\":\"left\",\"reward\":1,\"nextObservation\":[2,3],"
                                + "\"terminal\":false,\"episodeReturn\":3,\"episodeLength\":4,\"version\":5}"),
                line(
                        TaskKind.REINFORCEMENT_LEARNING,
                        "{\"observations\":[[1],[2],[3]],\"actions\":[0,1],\"rewards\":[1,0],\"terminal\":false}"));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated(number(TaskKind.TEXT_CLASSIFICATION), "{\"label\":\"a\",\"text\":\"b\"}\n", ""),
                repeated(number(TaskKind.TEXT_CLASSIFICATION), "{}\n", ""),
                repeated(number(TaskKind.TEXT_CLASSIFICATION), "x\n", ""),
                repeated(number(TaskKind.REGRESSION) + "{\"text\":\"a\",\"label\":[1", ",1", "]}"),
                repeated(number(TaskKind.REGRESSION) + "{\"text\":\"a\",\"label\":1e", "9", "}"),
                repeated(number(TaskKind.REGRESSION) + "{\"text\":\"a\",\"label\":", "9", "}"),
                repeated(number(TaskKind.REGRESSION) + "{\"text\":\"a\",\"label\":0.", "9", "}"),
                repeated(number(TaskKind.TEXT_CLASSIFICATION) + "{\"text\":\"a\",\"label\":", "[", "}"));
    }

    private static String number(TaskKind task) {
        return Character.toString(task.ordinal());
    }

    private static byte[] line(TaskKind task, String text) {
        return utf8(number(task) + text);
    }
}
