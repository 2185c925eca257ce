package io.headwater.fuzz;

import io.headwater.api.http.Problem;
import io.headwater.api.lanes.LaneBodies;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.TaskKind;
import io.headwater.domain.LateLabel;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

/** Labels of requests over HTTP, of every task: the first byte is the number of the task. */
class LabelInputFuzzTest extends ReaderFuzzing {
    private static final Codec CODEC = new Codec(16 << 20);

    @Override
    void read(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        TaskKind task = TaskKind.values()[(bytes[0] & 0xff) % TaskKind.values().length];
        try {
            LateLabel label = new LateLabel(
                    "1", "shop", LaneBodies.label(task, Arrays.copyOfRange(bytes, 1, bytes.length)), Instant.EPOCH);
            CODEC.decode(EventType.LATE_LABEL, CODEC.encode(EventType.LATE_LABEL, label));
        } catch (Problem.Raised refused) {
            // Documented for what is no label of the task.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                of(TaskKind.TEXT_CLASSIFICATION, "\"good\",\"observedAt\":\"2026-11-29T10:00:00Z\""),
                of(TaskKind.MULTI_LABEL_CLASSIFICATION, "[\"a\",\"b\"]"),
                of(
                        TaskKind.TOKEN_CLASSIFICATION,
                        "[{\"token\":\"Ann\",\"tag\":\"B-PER\"},{\"token\":\"ran\",\"tag\":\"O\"}]"),
                of(TaskKind.QUESTION_ANSWERING, "{\"start\":3,\"text\":\"we\"}"),
                of(TaskKind.REGRESSION, "[1.5,-2e3]"),
                of(TaskKind.AUTOMATIC_SPEECH_RECOGNITION, "\"we ran\""),
                of(TaskKind.REINFORCEMENT_LEARNING, "\"left\""));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated(number(TaskKind.MULTI_LABEL_CLASSIFICATION) + "{\"label\":[\"a\"", ",\"a\"", "]}"),
                repeated(
                        number(TaskKind.TOKEN_CLASSIFICATION) + "{\"label\":[{\"token\":\"a\"}",
                        ",{\"tag\":\"a\"}",
                        "]}"),
                repeated(
                        number(TaskKind.TOKEN_CLASSIFICATION) + "{\"label\":[{\"token\":\"a\"",
                        ",\"token\":\"a\"",
                        "}]}"),
                repeated(number(TaskKind.REGRESSION) + "{\"label\":[1", ",1", "]}"),
                repeated(number(TaskKind.QUESTION_ANSWERING) + "{\"label\":{\"a\":", "[", "}}"));
    }

    private static String number(TaskKind task) {
        return Character.toString(task.ordinal());
    }

    private static byte[] of(TaskKind task, String label) {
        return utf8(number(task) + "{\"label\":" + label + "}");
    }
}
