package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Sample SAMPLE =
            new Sample("s", new Payload.Text("hello"), new Label.ClassLabel("greeting"), Instant.EPOCH);
    // A producer of its own, with a field fewer and a field more than ours.
    private static final Schema FOREIGN = SchemaBuilder.record("Sample")
            .namespace("io.headwater.events")
            .fields()
            .requiredString("id")
            .name("source")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .name("payload")
            .type(SchemaFiles.current("Text"))
            .noDefault()
            .name("label")
            .type(SchemaFiles.current("ClassLabel"))
            .noDefault()
            .endRecord();

    private final Map<Integer, String> answers = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpServer server;
    private final Codec codec;

    HttpSchemaRegistryTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        codec = new Codec(10_000, registry(Duration.ofSeconds(20)));
    }

    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void shouldWriteTheRegistrysFramingAndReadItBack() {
        byte[] bytes = codec.encode(EventType.SAMPLE, SAMPLE);
        codec.encode(EventType.SAMPLE, SAMPLE);

        assertThat(bytes).startsWith(0, 0, 0, 1, 1);
        assertThat(codec.decode(EventType.SAMPLE, bytes)).isEqualTo(Outcome.ok(SAMPLE));
        assertThat(codec.decode(EventType.SAMPLE, bytes)).isEqualTo(Outcome.ok(SAMPLE));
        assertThat(asked).containsExactly("POST /subjects/io.headwater.events.Sample/versions", "GET /schemas/ids/257");
    }

    @Test
    void shouldReadSingleObjectsToo() {
        assertThat(codec.decode(EventType.SAMPLE, new Codec(10_000).encode(EventType.SAMPLE, SAMPLE)))
                .isEqualTo(Outcome.ok(SAMPLE));
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldReadACompatibleSchemaOfAProducer() throws IOException {
        answers.put(9, schema(FOREIGN.toString()));
        GenericData.Record event = new GenericData.Record(FOREIGN);
        event.put("id", "s");
        event.put("source", List.of("a", "b"));
        event.put("payload", record("Text", "text", "hello"));
        event.put("label", record("ClassLabel", "name", "greeting"));

        assertThat(codec.decode(EventType.SAMPLE, framed(9, event))).isEqualTo(Outcome.ok(SAMPLE));
    }

    @Test
    void shouldRejectAnIncompatibleSchema() {
        answers.put(9, schema(SchemaFiles.released("0.1.0-M1", "Command").toString()));

        assertRejected(9, "io.headwater.events.Command");
    }

    @Test
    void shouldRejectASchemaThatTheRegistryDoesNotKnow() {
        assertRejected(404, "does not know");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\": \"{\"}",
                "{\"schema\": \"syntax\", \"schemaType\": \"PROTOBUF\"}",
                "{\"schema\": \"\\\"string\\\"\", \"references\": [{\"name\": \"x\"}]}",
                "{\"schema\": \"\\\"string\\\"\"}",
                "{\"schema\": \"\\\"stirng\\\"\"}"
            })
    void shouldRejectWhatIsNoUsableSchema(String answer) {
        answers.put(9, answer);

        assertRejected(9, "schema id 9");
    }

    /** A proxy, a page to log in, or a limit of the rate say nothing about the record. */
    @ParameterizedTest
    @CsvSource({
        "200, <html>log in</html>",
        "200, {}",
        "302, ''",
        "400, <html>bad request</html>",
        "401, '{\"error_code\": 40101}'",
        "403, <html>forbidden</html>",
        "404, <html>not found</html>",
        "404, {}",
        "407, ''",
        "408, ''",
        "429, '{\"error_code\": 42901}'",
        "500, '{\"error_code\": 50001}'",
        "503, <html>maintenance</html>"
    })
    void shouldWaitForWhatIsNoAnswerOfTheRegistry(int status, String answer) {
        codec.encode(EventType.SAMPLE, SAMPLE);
        statuses.put(9, status);
        answers.put(9, answer);

        assertThatThrownBy(() -> codec.decode(EventType.SAMPLE, new byte[] {0, 0, 0, 0, 9, 0}))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("check headwater.registry.url and the registry");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 422})
    void shouldRejectAnIdThatTheRegistryRefusesWhileItAnswersForOthers(int status) {
        statuses.put(9, status);
        answers.put(9, "{\"error_code\": " + status + "01, \"message\": \"no\"}");

        assertRejected(9, "refuses it with status " + status);
        assertThat(asked)
                .containsExactly(
                        "GET /schemas/ids/9",
                        "POST /subjects/io.headwater.events.Sample/versions",
                        "GET /schemas/ids/9",
                        "GET /schemas/ids/257");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 422})
    void shouldWaitWhileTheRegistryRefusesEveryId(int status) {
        codec.encode(EventType.SAMPLE, SAMPLE);
        for (int id : new int[] {9, 257}) {
            statuses.put(id, status);
            answers.put(id, "{\"error_code\": " + status + "01, \"message\": \"no\"}");
        }

        assertThatThrownBy(() -> codec.decode(EventType.SAMPLE, new byte[] {0, 0, 0, 0, 9, 0}))
                .isInstanceOf(RegistryException.class);
    }

    @Test
    void shouldNotAskForAnIdThatNoRegistryGives() {
        assertThat(codec.decode(EventType.SAMPLE, new byte[] {0, -1, -1, -1, -1, 0}))
                .isInstanceOf(Outcome.Rejected.class);
        assertRejected(0, "schema id must be positive, but is 0");
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldRejectASchemaThatContainsItself() {
        Schema node = Schema.createRecord("Node", null, "x", false);
        node.setFields(List.of(new Schema.Field(
                "next", Schema.createUnion(Schema.create(Schema.Type.NULL), node), null, (Object) null)));
        answers.put(9, schema(withField(node).toString()));
        // A record within a record, a million times.
        byte[] value = new byte[1 << 20];
        Arrays.fill(value, (byte) 2);
        System.arraycopy(new byte[] {0, 0, 0, 0, 9, 2, 's'}, 0, value, 0, 7);

        assertThat(codec(2 << 20).decode(EventType.SAMPLE, value))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.rejection().reason()).isEqualTo(Reason.UNKNOWN_SCHEMA));
    }

    /** 40 records of two fields each, so that a value has 2^40 parts and no byte. */
    @Test
    void shouldRejectASchemaOfWhichAValueHasEndlessParts() {
        Schema inner = Schema.createRecord("R0", null, "x", false, List.of());
        for (int i = 1; i <= 40; i++) {
            inner = Schema.createRecord(
                    "R" + i, null, "x", false, List.of(new Schema.Field("a", inner), new Schema.Field("b", inner)));
        }
        answers.put(9, schema(withField(inner).toString()));

        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> assertRejected(9, "schema id 9"));
    }

    /** Deep enough that a parser which calls itself for each level has no stack left. */
    @Test
    void shouldRejectASchemaThatIsNestedTooDeeply() {
        int depth = 20_000;
        answers.put(9, schema("{\"type\": \"array\", \"items\": ".repeat(depth) + "\"int\"" + "}".repeat(depth)));

        assertRejected(9, "schema id 9");
    }

    @Test
    void shouldRejectASchemaThatIsTooLong() {
        answers.put(9, " ".repeat((1 << 20) + 1));

        assertRejected(9, "more than");
    }

    @Test
    void shouldThrowWhenTheRegistryFails() {
        assertThatThrownBy(() -> codec.decode(EventType.SAMPLE, new byte[] {0, 0, 0, 1, (byte) 0xF4}))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("500")
                .hasMessageContaining("headwater.registry.url");
    }

    @Test
    void shouldThrowWhenTheRegistryIsNotThere() {
        server.stop(0);

        assertThatThrownBy(() -> codec.encode(EventType.SAMPLE, SAMPLE))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("could not be asked");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void shouldThrowWhenTheRegistryStalls(int id) {
        HttpSchemaRegistry hasty = registry(Duration.ofMillis(200));

        assertThatThrownBy(() -> hasty.byId(id)).isInstanceOf(RegistryException.class);
    }

    @Test
    void shouldRefuseAnUrlThatIsNotHttp() {
        assertThatThrownBy(() -> new HttpSchemaRegistry(URI.create("file:///etc"), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file:///etc");
    }

    @Test
    void shouldRefuseAnUrlWithAPasswordWithoutRepeatingIt() {
        assertThatThrownBy(() -> new HttpSchemaRegistry(URI.create("http://ann:secret@host"), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    private Codec codec(int maxBytes) {
        return new Codec(maxBytes, registry(Duration.ofSeconds(20)));
    }

    private static Schema withField(Schema type) {
        List<Schema.Field> fields = new ArrayList<>();
        FOREIGN.getFields().stream()
                .filter(field -> !field.name().equals("source"))
                .forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        fields.add(1, new Schema.Field("source", type));
        return Schema.createRecord("Sample", null, "io.headwater.events", false, fields);
    }

    private HttpSchemaRegistry registry(Duration timeout) {
        return new HttpSchemaRegistry(
                URI.create("http://localhost:" + server.getAddress().getPort() + "/"), timeout);
    }

    /** Knows what was registered as 257; 500 fails, 1000 never answers, 1001 never ends its answer. */
    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (exchange.getRequestMethod().equals("POST")) {
            answers.put(257, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            send(exchange, 200, "{\"id\": 257}");
            return;
        }
        int id = Integer.parseInt(exchange.getRequestURI().getPath().replaceFirst(".*/", ""));
        if (id >= 1000) {
            stall(exchange, id);
            return;
        }
        String answer = answers.get(id);
        int usual = answer != null ? 200 : id == 500 ? 500 : 404;
        send(exchange, statuses.getOrDefault(id, usual), answer != null ? answer : "{\"error_code\": 40403}");
    }

    private void stall(HttpExchange exchange, int id) throws IOException {
        if (id == 1001) {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        }
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void assertRejected(int id, String message) {
        Outcome<Sample> outcome = codec.decode(EventType.SAMPLE, new byte[] {0, 0, 0, (byte) (id >> 8), (byte) id, 0});

        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        var rejection = ((Outcome.Rejected<Sample>) outcome).rejection();
        assertThat(rejection.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
        assertThat(rejection.message()).contains(message);
    }

    private static String schema(String text) {
        return JSON.createObjectNode().put("schema", text).toString();
    }

    private static GenericRecord record(String name, String field, String value) {
        GenericData.Record event = new GenericData.Record(SchemaFiles.current(name));
        event.put(field, value);
        return event;
    }

    private static byte[] framed(int id, GenericRecord event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, (byte) id});
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
