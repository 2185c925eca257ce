package io.headwater.fuzz;

import io.headwater.api.http.Problem;
import io.headwater.api.inference.InferBodies;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;

/** Requests of the Open Inference Protocol: a JSON object, and after a line feed the binary data of tensors. */
class InferFuzzTest extends ReaderFuzzing {
    private static final Codec CODEC = new Codec(16 << 20);
    private static final String INPUT = "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,%s}";

    @Override
    void read(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != '\n') {
            length++;
        }
        try {
            for (Payload payload : InferBodies.rows(bytes, Math.min(bytes.length, length + 1))) {
                Request request = new Request("1", payload, Instant.EPOCH, "fuzz");
                CODEC.decode(EventType.REQUEST, CODEC.encode(EventType.REQUEST, request));
            }
        } catch (Problem.Raised refused) {
            // Documented for what is no request.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        String numbers = "\0\0\0\0\0\0\u0080\u003f";
        return Stream.of(
                of(INPUT.formatted("text", "BYTES", "[2]", "\"data\":[\"yes\",\"no\"]"), ""),
                of(
                        INPUT.formatted("question", "BYTES", "[1]", "\"data\":[[\"who?\"]]") + ","
                                + INPUT.formatted("context", "BYTES", "[1,1]", "\"data\":[[\"we\"]]"),
                        ""),
                of(INPUT.formatted("image", "BYTES", "[1]", "\"data\":[\"AQID\"]"), ""),
                of(INPUT.formatted("numbers", "FP32", "[1,2]", "\"data\":[1.5,-2e3]"), ""),
                of(INPUT.formatted("text", "BYTES", "[1]", "\"parameters\":{\"binary_data_size\":7}"), "\3\0\0\0yes"),
                of(INPUT.formatted("numbers", "FP32", "[1,2]", "\"parameters\":{\"binary_data_size\":8}"), numbers),
                of(INPUT.formatted("numbers", "INT16", "[2,2]", "\"parameters\":{\"binary_data_size\":8}"), numbers),
                latin(
                        "{\"id\":\"1\",\"parameters\":{\"binary_data_output\":true},\"outputs\":[{\"name\":\"label\",\"parameters\":"
                                + "{\"binary_data\":true}}],\"inputs\":["
                                + INPUT.formatted("text", "BYTES", "[1]", "\"data\":[\"a\"]") + "]}"));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated(
                        "{\"inputs\":[{\"name\":\"numbers\",\"datatype\":\"FP32\",\"shape\":[64],\"data\":[1",
                        ",1",
                        "]}]}"),
                repeated(
                        "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[64],\"data\":[\"\"",
                        ",\"\"",
                        "]}]}"),
                repeated("{\"inputs\":[{\"data\":", "[", "]}]}"),
                repeated("{\"inputs\":[{}", ",{}", "]}"),
                repeated("{\"outputs\":[{\"name\":\"a\"}", ",{\"name\":\"a\"}", "]}"),
                repeated("{\"x\":[0", ",[]", "]}"),
                repeated("{\"inputs\":[{\"name\":\"", "a", "\"}]}"),
                repeated(
                        "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[64],\"parameters\":{\"binary_data_size\":900000}}]}\n",
                        "\0\0\0\0",
                        ""));
    }

    private static byte[] of(String inputs, String binary) {
        return latin("{\"inputs\":[" + inputs + "]}\n" + binary);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
