package io.headwater.api.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.api.ApiServer;
import io.headwater.api.http.ApiLimits;
import io.headwater.online.TestDesk;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The paths, requests and answers of the protocol, and everything that a caller can do wrong. */
@Timeout(60)
class InferenceRoutesTest {
    private static final String MODEL = "/v2/models/letters~shop";
    private static final int BODY_BYTES = 50_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static TestDesk desk;
    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        desk = new TestDesk(64);
        desk.serve("shop", 1);
        desk.serve("shop", 2);
        desk.serve("caf\u00e9", 7);
        server = new ApiServer(desk, new ApiLimits(BODY_BYTES, 10 * BODY_BYTES, Duration.ofSeconds(20)));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        desk.close();
    }

    @Test
    void shouldDescribeTheServer() throws Exception {
        JsonNode described = ok(server.get("/v2"));

        assertThat(described.get("name").asText()).isEqualTo("headwater");
        assertThat(described.get("version").asText()).isEqualTo("1.2.3");
        assertThat(described.get("extensions").toString()).isEqualTo("[\"binary_tensor_data\"]");
        assertThat(ok(server.get("/v2/health/live")).get("live").asBoolean()).isTrue();
        assertThat(ok(server.get("/v2/health/ready")).get("ready").asBoolean()).isTrue();
        assertThat(ok(server.get("/v2/models")).get("models").toString())
                .isEqualTo("[\"letters~caf~C3~A9\",\"letters~shop\"]");
    }

    @Test
    void shouldDescribeAModel() throws Exception {
        JsonNode described = ok(server.get(MODEL));

        assertThat(described.get("name").asText()).isEqualTo("letters~shop");
        assertThat(described.get("versions").toString()).isEqualTo("[\"2\"]");
        assertThat(described.get("platform").asText()).isEqualTo("headwater_text_classification");
        assertThat(described.get("inputs").toString())
                .isEqualTo("[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[-1]}]");
        assertThat(described.get("outputs"))
                .extracting(output -> output.get("name").asText())
                .containsExactly("label", "classes", "probabilities");
        assertThat(ok(server.get(MODEL + "/ready")).get("ready").asBoolean()).isTrue();
        assertThat(ok(server.get(MODEL + "/versions/2/ready")).get("ready").asBoolean())
                .isTrue();
        assertThat(ok(server.get(MODEL + "/versions/1")).get("versions").toString())
                .isEqualTo("[\"1\"]");
        assertError(server.get(MODEL + "/versions/1/ready"), 404, "version 1 of model 'letters~shop' does not serve");
    }

    @Test
    void shouldInferRowsInJson() throws Exception {
        JsonNode answer = ok(infer(
                MODEL,
                "{\"id\": \"42\", \"unknown\": [{}], \"parameters\": {\"other\": 1}, \"inputs\": [{\"name\": \"text\", \"data\": [[\"a\"], [\"b\"]],"
                        + " \"shape\": [2, 1], \"datatype\": \"BYTES\"}]}"));

        assertThat(answer.get("model_name").asText()).isEqualTo("letters~shop");
        assertThat(answer.get("model_version").asText()).isEqualTo("2");
        assertThat(answer.get("id").asText()).isEqualTo("42");
        assertThat(output(answer, "label").toString())
                .isEqualTo("{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"v2\",\"v2\"]}");
        assertThat(output(answer, "classes").get("data").toString()).isEqualTo("[\"other\",\"v2\"]");
        assertThat(output(answer, "probabilities").get("shape").toString()).isEqualTo("[2,2]");
        assertThat(output(answer, "probabilities").get("datatype").asText()).isEqualTo("FP32");
        assertThat(output(answer, "probabilities").get("data")).hasSize(4);
    }

    @Test
    void shouldInferWithTheVersionInThePath() throws Exception {
        assertThat(ok(infer(MODEL + "/versions/1", texts("\"a\"")))
                        .get("model_version")
                        .asText())
                .isEqualTo("1");
        assertThat(output(ok(infer(MODEL + "/versions/1", texts("\"a\""))), "label")
                        .get("data")
                        .toString())
                .isEqualTo("[\"v1\"]");
        assertError(infer(MODEL + "/versions/9", texts("\"a\"")), 404, "no version 9");
        assertError(infer(MODEL + "/versions/first", texts("\"a\"")), 400, "positive integer");
    }

    @Test
    void shouldGiveTheOutputsThatAreAskedFor() throws Exception {
        String request = texts("\"a\"").replaceFirst("\\{", "{\"outputs\": [{\"name\": \"label\"}], ");

        assertThat(ok(infer(MODEL, request)).get("outputs")).hasSize(1);
        assertThat(ok(infer(MODEL, request.replace("{\"name\": \"label\"}", "")))
                        .get("outputs"))
                .isEqualTo(ok(infer(MODEL, texts("\"a\""))).get("outputs"))
                .isNotEmpty();
        assertError(infer(MODEL, request.replace("label", "logits")), 400, "does not have all outputs of [logits]");
    }

    @Test
    void shouldTakeAndGiveBinaryData() throws Exception {
        // Given
        byte[] elements = bytes("first", "s\u00e9cond");
        String json = ("{\"inputs\": [{\"name\": \"text\", \"shape\": [2], \"datatype\": \"BYTES\","
                        + " \"parameters\": {\"binary_data_size\": %d}}], \"outputs\": [{\"name\": \"label\","
                        + " \"parameters\": {\"binary_data\": true}}, {\"name\": \"probabilities\","
                        + " \"parameters\": {\"binary_data\": true}}, {\"name\": \"classes\"}]}")
                .formatted(elements.length);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(elements);

        // When
        HttpResponse<byte[]> response = server.bytes(server.request(MODEL + "/infer")
                .header("Inference-Header-Content-Length", Integer.toString(json.length()))
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        int length = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode answer = MAPPER.readTree(Arrays.copyOf(response.body(), length));
        byte[] labels = bytes("v2", "v2");
        assertThat(output(answer, "label")
                        .get("parameters")
                        .get("binary_data_size")
                        .asInt())
                .isEqualTo(labels.length);
        assertThat(output(answer, "label").has("data")).isFalse();
        assertThat(output(answer, "classes").get("data")).hasSize(2);
        byte[] rest = Arrays.copyOfRange(response.body(), length, response.body().length);
        assertThat(Arrays.copyOf(rest, labels.length)).isEqualTo(labels);
        ByteBuffer floats = ByteBuffer.wrap(rest, labels.length, rest.length - labels.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats.remaining()).isEqualTo(4 * Float.BYTES);
        assertThat(floats.getFloat() + floats.getFloat()).isBetween(0.99f, 1.01f);
    }

    private static byte[] bytes(String... elements) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String element : elements) {
            byte[] utf8 = element.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .array());
            out.writeBytes(utf8);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense                                                | must be JSON",
                "{}                                                      | must have inputs",
                "{'inputs': []}                                          | must have inputs",
                "{'inputs': {}}                                          | 'inputs' must be an array",
                "{'inputs': [1]}                                         | 'inputs' must be an array of what",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'data': ['a']}]} | name, a datatype and a shape",
                "{'inputs': [{'name': 'text', 'datatype': 'STRING', 'shape': [1], 'data': ['a']}]} | one of the datatypes",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [1], 'data': 'a'}]} | data must be an array",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [1], 'data': [1]}]} | must be strings",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [1]}]} | must be strings",
                "{'inputs': [{'name': 'text', 'datatype': 'FP32', 'shape': [1], 'data': ['a']}]} | must be numbers",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [1], 'data': ['a', 1]}]} | but has both",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [1], 'data': [null]}]} | strings or numbers",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [2], 'data': ['a']}]} | product of its shape [2]",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [-1], 'data': ['a']}]} | integers from 0",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [65536, 65536, 65536], 'data': []}]} | product",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [1, 2], 'data': ['a', 'b']}]} | one element in each row",
                "{'inputs': [{'name': 'words', 'datatype': 'BYTES', 'shape': [1], 'data': ['a']}]} | the inputs must be one of",
                "{'inputs': [{'name': 'image', 'datatype': 'BYTES', 'shape': [1], 'data': ['?']}]} | a file in base64",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [1], 'parameters': {'binary_data_size': 9}}]} | only 0 bytes follow",
                "{'inputs': [{'name': 'text', 'datatype': 'BYTES', 'shape': [0], 'data': []}]} | 1 to 64 rows, but have 0"
            })
    void shouldRefuseRequestsThatAreNone(String request, String message) throws Exception {
        assertError(infer(MODEL, request.replace('\'', '"')), 400, message);
    }

    @Test
    void shouldRefuseMoreRowsThanABatchHas() throws Exception {
        String rows = IntStream.range(0, 65).mapToObj(i -> "\"a\"").collect(Collectors.joining(","));

        assertError(infer(MODEL, texts(rows)), 400, "1 to 64 rows, but have 65");
        assertError(infer(MODEL, texts("\"a\"" + ",\"a\"".repeat(2000))), 400, "at most 1024 strings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "100000"})
    void shouldRefuseLengthsThatAreNone(String length) throws Exception {
        HttpResponse<String> response = server.send(server.request(MODEL + "/infer")
                .header("Inference-Header-Content-Length", length)
                .POST(BodyPublishers.ofString(texts("\"a\""))));

        assertError(response, 400, "must be a length from 1 to that of the body");
    }

    @Test
    void shouldRefuseBinaryDataThatIsTornOrLeftOver() throws Exception {
        String json = "{\"inputs\": [{\"name\": \"text\", \"shape\": [1], \"datatype\": \"BYTES\","
                + " \"parameters\": {\"binary_data_size\": 6}}]}";
        for (String data : List.of("abcdef", "\5\0\0\0ab", "\1\0\0\0a\0")) {
            assertError(binary(json, data), 400, "a length of 4 bytes before each element");
        }
        assertError(binary(json.replace("6", "5"), "\1\0\0\0a\0"), 400, "but has 1 bytes more");
    }

    private static HttpResponse<String> binary(String json, String data) throws Exception {
        return server.send(server.request(MODEL + "/infer")
                .header("Inference-Header-Content-Length", Integer.toString(json.length()))
                .POST(BodyPublishers.ofString(json + data, StandardCharsets.ISO_8859_1)));
    }

    @Test
    void shouldSayWhichRowCannotBeUsed() throws Exception {
        assertError(infer(MODEL, texts("\"a\", \"\"")), 422, "row 1: a text must not be empty");
        assertError(infer(MODEL, texts("\"\"")), 422, "a text must not be empty");
    }

    @Test
    void shouldRefuseUnknownModelsAndPaths() throws Exception {
        assertError(server.get("/v2/models/shop"), 404, "must be ADAPTATION~DOMAIN");
        assertError(server.get("/v2/models/nobody~shop"), 404, "adaptation 'nobody' does not run");
        assertError(server.get("/v2/models/letters~bank"), 404, "no version serves model 'letters~bank' yet");
        assertError(infer("/v2/models/letters~bank", texts("\"a\"")), 404, "no version of adaptation");
        assertError(server.get(MODEL + "/infer"), 404, "no GET");
        assertError(server.get("/v2/nothing"), 404, "no GET /v2/nothing");
        assertError(infer(MODEL, "x".repeat(BODY_BYTES + 1)), 413, "at most 50000 bytes");
    }

    private static HttpResponse<String> infer(String model, String json) throws Exception {
        return server.post(model + "/infer", "application/json", json);
    }

    private static String texts(String rows) {
        return "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [%d], \"data\": [%s]}]}"
                .formatted(rows.split(",").length, rows);
    }

    private static JsonNode output(JsonNode answer, String name) {
        for (JsonNode output : answer.get("outputs")) {
            if (output.get("name").asText().equals(name)) {
                return output;
            }
        }
        throw new AssertionError("no output " + name + " in " + answer);
    }

    private static JsonNode ok(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return MAPPER.readTree(response.body());
    }

    private static void assertError(HttpResponse<String> response, int status, String message) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(MAPPER.readTree(response.body()).get("error").asText()).contains(message);
    }
}
