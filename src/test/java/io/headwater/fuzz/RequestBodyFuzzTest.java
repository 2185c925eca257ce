package io.headwater.fuzz;

import io.headwater.api.http.Problem;
import io.headwater.api.lanes.LaneBodies;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

/** Bodies of requests for predictions, as JSON, forms and texts: the first line is the header with the type of what follows it. */
class RequestBodyFuzzTest extends ReaderFuzzing {
    private static final Codec CODEC = new Codec(16 << 20);
    private static final String FORM = "multipart/form-data; boundary=x";
    private static final String PART = "--x\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n--x--\r\n";

    @Override
    void read(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String header = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        try {
            Payload payload =
                    LaneBodies.input(header, Arrays.copyOfRange(bytes, Math.min(bytes.length, end + 1), bytes.length));
            Request request = new Request("1", payload, Instant.EPOCH, "fuzz");
            CODEC.decode(EventType.REQUEST, CODEC.encode(EventType.REQUEST, request));
        } catch (Problem.Raised refused) {
            // Documented for what is no such body.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                of("application/json", "{\"id\":\"1\",\"text\":\"yes\"}"),
                of("application/json", "{\"pair\":[\"who?\",\"we\"]}"),
                of("application/json", "{\"question\":\"who?\",\"context\":\"\\u0077e\"}"),
                of("application/json", "{\"numbers\":[[1.5,-2e3],[3,4]],\"shape\":[4]}"),
                of("application/json", "{\"numbers\":7}"),
                of("application/json", "{\"image\":\"AQID\"}"),
                of("application/json", "{\"audio\":\"AQID\",\"sampleRate\":8000}"),
                of(FORM, PART.formatted("text", "", "yes")),
                of(FORM + "\r1", PART.formatted("text", "", "yes")),
                of(FORM, PART.formatted("numbers", "", "[1,2]")),
                of(FORM, PART.formatted("audio", "; filename=\"a.wav\"", "RIFF")),
                of(FORM, PART.formatted("image", "; filename*=utf-8''a.png", "PNG")),
                of("text/plain; charset=iso-8859-1", "yes"),
                of("text/plain; charset=\"utf-16\"", "yes"));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated("application/json\n{\"numbers\":[1", ",1", "]}"),
                repeated("application/json\n{\"numbers\":", "[", ""),
                repeated("application/json\n{\"numbers\":1", "9", "}"),
                repeated("application/json\n{\"numbers\":1e", "9", "}"),
                repeated("application/json\n{\"text\":\"", "\\u00e9", "\"}"),
                repeated("application/json\n{\"image\":\"", "AAAA", "\"}"),
                repeated("application/json\n{\"", "a", "\":1}"),
                repeated(FORM + "\n", "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\r\n", "--x--\r\n"),
                repeated(FORM + "\n--x\r\n", "a: b\r\n", ""),
                repeated(FORM + "\n--x\r\nContent-Disposition: form-data; name=\"", "a", "\"\r\n\r\n1\r\n--x--\r\n"),
                repeated(
                        FORM + "\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n",
                        "\r\n-",
                        "\r\n--x--\r\n"),
                repeated("multipart/form-data; boundary=", "x", "\n"),
                repeated("text/plain\n", "a", ""));
    }

    private static byte[] of(String header, String body) {
        return utf8(header + "\n" + body);
    }
}
