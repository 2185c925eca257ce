package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.api.http.ApiLimits;
import io.headwater.online.TestDesk;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all paths owe a caller who does something wrong, whatever else they do. */
@Timeout(60)
class EveryEndpointTest {
    private static final int BODY_BYTES = 20_000;
    private static final ApiLimits LIMITS = new ApiLimits(BODY_BYTES, 10 * BODY_BYTES, Duration.ofSeconds(20));
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String LANE = "/api/v1/lanes/letters/shop";
    private static final String MODEL = "/v2/models/letters~shop";
    private static final String JSON = "application/json";

    private static TestDesk desk;
    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        desk = new TestDesk(64);
        desk.serve("shop", 1);
        server = new ApiServer(desk, LIMITS);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        desk.close();
    }

    /** The paths that take a body. */
    static List<String> posts() {
        return List.of(LANE + "/predict", LANE + "/feedback/q", MODEL + "/infer", MODEL + "/versions/1/infer");
    }

    static Stream<String> all() {
        List<String> gets = List.of(
                "/v2",
                "/v2/health/live",
                "/v2/health/ready",
                "/v2/models",
                MODEL,
                MODEL + "/ready",
                MODEL + "/versions/1",
                MODEL + "/versions/1/ready");
        return Stream.concat(posts().stream(), gets.stream());
    }

    @ParameterizedTest
    @MethodSource("posts")
    void shouldRefuseBodiesThatAreTooLargeWhateverTheySayOfTheirLength(String path) throws Exception {
        byte[] large = new byte[BODY_BYTES + 1];

        assertRefused(server.post(path, JSON, BodyPublishers.ofByteArray(large)), 413, "at most 20000 bytes");
        assertRefused(
                server.post(path, JSON, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))),
                413,
                "at most 20000 bytes");
    }

    /** A body that the caller only announces is refused before it is sent. */
    @ParameterizedTest
    @MethodSource("posts")
    void shouldRefuseBeforeTheBodyWhoAsksWhetherToSendIt(String path) throws Exception {
        String answer = raw(
                server,
                "POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                        + "Connection: close\r\nContent-Length: 999999999999\r\n\r\n",
                "413");

        assertThat(answer).startsWith("HTTP/1.1 413 ");
    }

    @ParameterizedTest
    @MethodSource("posts")
    void shouldWaitForNoBodyThatDoesNotCome(String path) throws Exception {
        try (ApiServer impatient = new ApiServer(desk, new ApiLimits(BODY_BYTES, BODY_BYTES, Duration.ofMillis(150)))) {
            for (String length : List.of("Content-Length: 100", "Transfer-Encoding: chunked")) {
                String begun = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + length + "\r\n\r\n";

                assertThat(raw(impatient, begun, ""))
                        .startsWith("HTTP/1.1 408 ")
                        .contains("must arrive within 150 ms");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void shouldRefuseBodiesThatItWouldHaveToUnpack(String path) throws Exception {
        assertRefused(
                server.send(server.request(path)
                        .header("Content-Type", JSON)
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(new byte[] {31, -117, 8}))),
                415,
                "encoding 'gzip'");
    }

    @ParameterizedTest
    @MethodSource("posts")
    void shouldRefuseWhatPagesOfOtherSitesSend(String path) throws Exception {
        assertRefused(
                server.send(server.request(path)
                        .header("Content-Type", JSON)
                        .header("Origin", "http://evil.example")
                        .POST(BodyPublishers.ofString("{}"))),
                403,
                "evil.example");
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldRefuseNamesThatItDoesNotKnow(String path) throws Exception {
        String method = posts().contains(path) ? "POST" : "GET";

        assertThat(raw(
                        server,
                        method + " " + path
                                + " HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        ""))
                .startsWith("HTTP/1.1 421 ")
                .contains("HEADWATER_HTTP_HOSTS");
    }

    @ParameterizedTest
    @MethodSource("posts")
    void shouldRefuseBodiesOfEveryWrongKind(String path) throws Exception {
        for (String body : List.of(
                "",
                " ",
                "null",
                "true",
                "1",
                "\"text\"",
                "[]",
                "[{}]",
                "{}",
                "{\"a\":1}",
                "{\"a\":{}}",
                "{",
                "{]",
                "\u0000",
                "{\"id\":{}}",
                "{\"id\":null}",
                "{\"id\":[[]]}",
                "{\"label\":null}",
                "{\"text\":{\"a\":[]}}",
                "{\"inputs\":null}",
                "{\"inputs\":[[]]}",
                "{\"inputs\":[{}],\"outputs\":{}}",
                "{\"parameters\":[]}",
                "{\"a\":\"\\ud800\"}")) {
            assertRefused(server.post(path, JSON, body), 400, "");
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void shouldRefuseNoiseInEveryType(String path) throws Exception {
        Random random = new Random(7);
        for (String type : List.of(
                JSON, "multipart/form-data; boundary=x", "image/png", "audio/wav", "text/plain", "", "/", "a/b; c")) {
            byte[] noise = new byte[1 + random.nextInt(2000)];
            random.nextBytes(noise);
            HttpResponse<String> response = server.post(path, type, BodyPublishers.ofByteArray(noise));

            assertThat(response.statusCode()).as(type + response.body()).isBetween(400, 422);
            assertThat(MAPPER.readTree(response.body()).isObject()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldAnswerOnlyTheMethodThatItHas(String path) throws Exception {
        List<String> others =
                posts().contains(path) ? List.of("GET", "PUT", "DELETE", "PATCH") : List.of("POST", "PUT", "DELETE");
        for (String method : others) {
            HttpResponse<String> response =
                    server.send(server.request(path).method(method, BodyPublishers.ofString("{}")));

            assertThat(response.statusCode()).as(method + " " + path).isIn(404, 405);
        }
    }

    @Test
    void shouldRefuseNamesOfLanesThatAreNone() throws Exception {
        String body = "{\"text\": \"a\"}";
        for (String path : List.of(
                "/api/v1/lanes/letters/%2e%2e%2fshop/predict",
                "/api/v1/lanes/letters/%00/predict",
                "/api/v1/lanes/letters/" + "d".repeat(201) + "/predict",
                "/api/v1/lanes/" + "a".repeat(3000) + "/shop/predict",
                "/api/v1/lanes/letters/%ff/feedback/q",
                "/api/v1/lanes/letters/shop/feedback/%00",
                "/v2/models/letters~%00/infer",
                "/v2/models/letters~~00/infer",
                "/v2/models/letters~~FF/infer",
                "/v2/models/letters~/infer",
                "/v2/models/~shop/infer",
                "/v2/models/letters~shop/versions/-1/infer")) {
            HttpResponse<String> response = server.post(path, JSON, body);

            assertThat(response.statusCode()).as(path + response.body()).isBetween(400, 404);
        }
        assertThat(raw(
                        server,
                        "POST /api/v1/lanes/letters/%zz/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                        ""))
                .startsWith("HTTP/1.1 4");
    }

    /** A version whose artifact is no longer in the store. */
    @Test
    void shouldSayThatAVersionIsGone() throws Exception {
        try (TestDesk stale = new TestDesk(64);
                ApiServer at = new ApiServer(stale, LIMITS)) {
            stale.serveMissing("shop", 1);
            stale.serve("shop", 2);

            assertRefused(at.post(LANE + "/predict?version=1", JSON, "{\"text\": \"a\"}"), 404, "version 1");
            assertRefused(
                    at.post(
                            MODEL + "/versions/1/infer",
                            JSON,
                            "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"a\"]}]}"),
                    404,
                    "version 1");
            assertThat(at.post(LANE + "/predict", JSON, "{\"text\": \"a\"}").statusCode())
                    .isEqualTo(200);
        }
    }

    /** All bodies together have a limit, which those that are refused leave again. */
    @Test
    void shouldRefuseBodiesThatTogetherAreTooLarge() throws Exception {
        try (ApiServer small = new ApiServer(desk, new ApiLimits(BODY_BYTES, BODY_BYTES, Duration.ofSeconds(20)));
                Socket first = new Socket("127.0.0.1", small.port())) {
            // The body of the first caller has begun when the interim response has come, and its bytes arrive behind
            // it.
            first.getOutputStream()
                    .write(("POST " + LANE + "/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                                    + "Expect: 100-continue\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(first.getInputStream().readNBytes(21), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100 Continue");
            first.getOutputStream().write(new byte[BODY_BYTES - 1]);
            HttpResponse<String> second;
            do {
                second = small.post(LANE + "/predict", "text/plain", "hello");
            } while (second.statusCode() == 200);

            assertRefused(second, 429, "headwater.api.max-bytes");
            assertThat(second.headers().firstValue("Retry-After")).contains("1");
            first.close();
            do {
                second = small.post(LANE + "/predict", "text/plain", "hello");
            } while (second.statusCode() == 429);
            assertThat(second.statusCode()).isEqualTo(200);
        }
    }

    private static String raw(ApiServer at, String request, String until) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", at.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return until.isEmpty()
                    ? new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    : new String(in.readNBytes(13), StandardCharsets.UTF_8);
        }
    }

    private static void assertRefused(HttpResponse<String> response, int status, String message) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode said = MAPPER.readTree(response.body());
        assertThat(said.path("detail").asText() + said.path("error").asText())
                .isNotEmpty()
                .contains(message);
    }
}
