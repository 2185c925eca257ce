package io.headwater.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.codec.HttpSchemaRegistry;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Answers of a schema registry, and samples that are written with the schema in the answer: the first byte is the number
 * of the status, the answer ends with a zero byte, and the rest is a sample without its framing.
 */
class RegistryFuzzTest extends ReaderFuzzing {
    private static final int[] STATUSES = {200, 404, 422, 403, 429, 500};
    private static final int OWN = 1;
    /** Schemas are kept by their ids, so there is a new registry after as many. */
    private static final int MOST = 500;

    private static final int FRAMING = 10;
    private static final String SCHEMA = EventType.SAMPLE.schema().toString();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private Codec codec;
    private int id = OWN;
    private volatile int status;
    private volatile byte[] answer = {};

    RegistryFuzzTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        codec = codec();
    }

    private Codec codec() {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new Codec(16 << 20, new HttpSchemaRegistry(url, Duration.ofMinutes(1)));
    }

    @BeforeAll
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterAll
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean own = exchange.getRequestURI().getPath().equals("/schemas/ids/" + OWN);
        byte[] body = exchange.getRequestMethod().equals("POST")
                ? utf8("{\"id\":" + OWN + "}")
                : own ? answer(SCHEMA) : answer;
        exchange.sendResponseHeaders(
                own || exchange.getRequestMethod().equals("POST") ? 200 : status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private static byte[] answer(String schema) {
        return utf8(JSON.createObjectNode().put("schema", schema).toString());
    }

    @Override
    void read(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        int end = 1;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        status = STATUSES[(bytes[0] & 0xff) % STATUSES.length];
        answer = Arrays.copyOfRange(bytes, 1, end);
        if (++id % MOST == 0) {
            codec = codec();
        }
        byte[] sample = ByteBuffer.allocate(5 + Math.max(0, bytes.length - end - 1))
                .put((byte) 0)
                .putInt(id)
                .put(bytes, Math.min(end + 1, bytes.length), Math.max(0, bytes.length - end - 1))
                .array();
        try {
            codec.decode(EventType.SAMPLE, sample);
        } catch (RegistryException unavailable) {
            // Documented for what is not the answer of a registry.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        Schema sample = EventType.SAMPLE.schema();
        String other = "{\"type\":\"record\",\"name\":\"Sample\",\"namespace\":\"io.headwater.events\",\"fields\":["
                + "{\"name\":\"id\",\"type\":\"string\"},"
                + "{\"name\":\"more\",\"type\":{\"type\":\"map\",\"values\":[\"null\",{\"type\":\"array\",\"items\":"
                + "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}},{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}]}},"
                + "{\"name\":\"payload\",\"type\":" + sample.getField("payload").schema() + "},"
                + "{\"name\":\"label\",\"type\":" + sample.getField("label").schema() + "}]}";
        return Stream.of(
                input(0, answer(SCHEMA)),
                input(0, answer(other)),
                input(0, answer("\"string\"")),
                input(0, answer("\"stirng\"")),
                input(0, utf8("{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax\"}")),
                input(1, utf8("{\"error_code\":40403}")),
                input(2, utf8("{\"error_code\":42201}")),
                input(5, utf8("<html>")));
    }

    @Override
    Stream<byte[]> large() {
        String names = "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Sample\\\",\\\"fields\\\":[";
        StringBuilder fields = new StringBuilder(names);
        StringBuilder symbols = new StringBuilder(
                "{\"schema\":\"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"E\\\",\\\"symbols\\\":[\\\"A\\\"");
        for (int i = 0; symbols.length() < 990_000; i++) {
            symbols.append(",\\\"S%d\\\"".formatted(i));
        }
        for (int i = 0; fields.length() < 990_000; i++) {
            fields.append("{\\\"name\\\":\\\"f%d\\\",\\\"type\\\":\\\"null\\\"},".formatted(i));
        }
        return Stream.of(
                input(0, utf8(fields + "{\\\"name\\\":\\\"z\\\",\\\"type\\\":\\\"null\\\"}]}\"}")),
                input(0, utf8(symbols + "]}\"}")),
                repeated("\0{\"schema\":\"[\\\"null\\\"", ",\\\"null\\\"", "]\"}"),
                repeated("\0{\"schema\":\"", "[", "\"}"),
                repeated("\0{\"schema\":\"", "{\\\"type\\\":", "\"}"),
                repeated("\0{\"schema\":\"", "\\u0020", "\"}"),
                repeated("\0", "[", ""),
                repeated("\0", " ", ""));
    }

    /** Returns an answer that is followed by a sample. */
    private static byte[] input(int status, byte[] answer) {
        byte[] sample = new Codec(1000)
                .encode(
                        EventType.SAMPLE,
                        new Sample("1", new Payload.Text("yes"), new Label.ClassLabel("good"), Instant.EPOCH));
        return ByteBuffer.allocate(2 + answer.length + sample.length - FRAMING)
                .put((byte) status)
                .put(answer)
                .put((byte) 0)
                .put(sample, FRAMING, sample.length - FRAMING)
                .array();
    }
}
