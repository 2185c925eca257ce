package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.api.http.ApiLimits;
import io.headwater.online.TestDesk;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that a caller can do right and wrong at {@code /api}. */
@Timeout(60)
class PredictRoutesTest {
    private static final String PREDICT = "/api/v1/lanes/letters/shop/predict";
    private static final String JSON = "application/json";
    private static final int BODY_BYTES = 50_000;
    private static final ApiLimits LIMITS = new ApiLimits(BODY_BYTES, 10 * BODY_BYTES, Duration.ofSeconds(20));
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static TestDesk desk;
    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        desk = new TestDesk(64);
        desk.serve("shop", 1);
        desk.serve("shop", 2);
        desk.serve("caf\u00e9 & bar", 7);
        server = new ApiServer(desk, LIMITS);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        desk.close();
    }

    @Test
    void shouldAnswerWithTheVersionThatServes() throws Exception {
        HttpResponse<String> response = server.post(PREDICT, JSON, "{\"id\": \"q-1\", \"text\": \"hello\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode answer = MAPPER.readTree(response.body());
        assertThat(answer.get("id").asText()).isEqualTo("q-1");
        assertThat(answer.get("lane").asText()).isEqualTo("letters/shop");
        assertThat(answer.get("prediction").asText()).isEqualTo("v2");
        assertThat(answer.get("probabilities").fieldNames()).toIterable().containsExactlyInAnyOrder("other", "v2");
        assertThat(answer.get("version").asLong()).isEqualTo(2);
        assertThat(answer.get("servedBy").asText()).isEqualTo("letters/shop");
        assertThat(answer.get("artifact").asText()).hasSize(64);
        assertThat(answer.get("adapted").asText()).isEqualTo("learned");
    }

    @Test
    void shouldNameRequestsThatHaveNoId() throws Exception {
        String one =
                json(server.post(PREDICT, JSON, "{\"text\": \"a\"}")).get("id").asText();
        String other =
                json(server.post(PREDICT, JSON, "{\"text\": \"a\"}")).get("id").asText();

        assertThat(one).isNotEmpty().isNotEqualTo(other);
    }

    @Test
    void shouldTakeTextAsItIsAndAsAForm() throws Exception {
        assertAnswer(server.post(PREDICT + "?id=q-2", "text/plain", "gr\u00fc\u00dfe"), 2);
        String form = "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--x--\r\n";
        assertAnswer(server.post(PREDICT, "multipart/form-data; boundary=x", form), 2);
    }

    @Test
    void shouldFindDomainsWithAnyName() throws Exception {
        HttpResponse<String> response =
                server.post("/api/v1/lanes/letters/caf%C3%A9%20%26%20bar/predict", JSON, "{\"text\": \"a\"}");

        assertAnswer(response, 7);
        assertThat(json(response).get("lane").asText()).isEqualTo("letters/caf\u00e9 & bar");
    }

    @Test
    void shouldAnswerWithAVersionThatTheCallerNames() throws Exception {
        assertAnswer(server.post(PREDICT + "?version=1", JSON, "{\"text\": \"a\"}"), 1);
        assertAnswer(server.post(PREDICT + "?version=2", JSON, "{\"text\": \"a\"}"), 2);
        assertProblem(
                server.post(PREDICT + "?version=9", JSON, "{\"text\": \"a\"}"), 404, "NO_VERSION", "no version 9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "", "99999999999999999999"})
    void shouldRefuseVersionsThatAreNone(String version) throws Exception {
        assertProblem(
                server.post(PREDICT + "?version=" + version, JSON, "{\"text\": \"a\"}"),
                400,
                null,
                "version must be a positive integer, but is '" + version + "'");
    }

    @Test
    void shouldRefuseWhatTheAdaptationCannotUseAsADeadLetterWould() throws Exception {
        assertProblem(server.post(PREDICT, JSON, "{\"text\": \"\"}"), 422, "BAD_PAYLOAD", "a text must not be empty");
        assertProblem(
                server.post("/api/v1/lanes/letters/bank/predict", JSON, "{\"text\": \"a\"}"),
                404,
                "NO_VERSION",
                "no version of adaptation 'letters' serves domain 'bank' yet; send labelled samples first");
        assertProblem(
                server.post(PREDICT + "?id=" + "i".repeat(201), JSON, "{\"text\": \"a\"}"), 400, "MALFORMED", "id");
        assertProblem(server.post(PREDICT, JSON, "{\"numbers\": [1e99]}"), 422, "NOT_FINITE", "finite");
        assertProblem(
                server.post(PREDICT, JSON, "{\"numbers\": [1, 2], \"shape\": [3]}"), 422, "BAD_PAYLOAD", "product");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                              | ends too early",
                "[1]                            | must be a JSON object",
                "nonsense                       | must be JSON",
                "{\"text\": \"a\"} x            | must be JSON",
                "{\"text\": \"a\"} {}           | something follows it",
                "{\"text\": \"a\", \"text\": \"b\"} | Duplicate field 'text'",
                "{}                             | exactly one input, but has 0",
                "{\"text\": \"a\", \"image\": \"\"} | exactly one input, but has 2",
                "{\"text\": 1}                  | field 'text' must be a string",
                "{\"txt\": \"a\"}               | no field 'txt'",
                "{\"pair\": [\"a\"]}            | an array of two strings",
                "{\"question\": \"a\"}          | 'context' is missing",
                "{\"numbers\": [[1], [1, 2]]}   | arrays of one length, but has some of 1 and 2",
                "{\"numbers\": [1, \"a\"]}      | an array of numbers, but has a string",
                "{\"numbers\": {}}              | an array of numbers, but has an object",
                "{\"numbers\": [[1], 2]}        | only in its innermost arrays",
                "{\"numbers\": [[], [1]]}       | arrays of one length",
                "{\"image\": \"***\"}           | a file in base64",
                "{\"audio\": \"AAAA\", \"sampleRate\": 1.5} | 'sampleRate' must be an integer",
                "{\"text\": \"a\", \"sampleRate\": 1} | belongs to 'audio'",
                "{\"a\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]} | no field 'a'"
            })
    void shouldRefuseBodiesThatAreNone(String body, String message) throws Exception {
        assertProblem(server.post(PREDICT, JSON, body), 400, "MALFORMED", message);
    }

    @Test
    void shouldRefuseArraysThatAreNestedWithoutEnd() throws Exception {
        assertProblem(
                server.post(PREDICT, JSON, "{\"numbers\": " + "[".repeat(20_000) + "}"),
                400,
                "MALFORMED",
                "at most 16 dimensions");
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded, 415",
        "application/octet-stream, 415",
        "text/plain;charset=utf-99, 415",
        "multipart/form-data, 400",
        "multipart/form-data; boundary=x, 400"
    })
    void shouldRefuseContentTypesThatItCannotRead(String contentType, int status) throws Exception {
        HttpResponse<String> response = server.post(PREDICT, contentType, "text=a");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8() throws Exception {
        assertProblem(
                server.post(PREDICT, "text/plain", BodyPublishers.ofByteArray(new byte[] {'a', (byte) 0xff})),
                400,
                "MALFORMED",
                "must be text in UTF-8");
    }

    @Test
    void shouldRefuseBodiesThatAreTooLargeWhateverTheySayOfTheirLength() throws Exception {
        byte[] large = new byte[BODY_BYTES + 1];

        assertProblem(
                server.post(PREDICT, "image/png", BodyPublishers.ofByteArray(large)), 413, null, "at most 50000 bytes");
        assertProblem(
                server.post(
                        PREDICT,
                        "image/png",
                        BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large))),
                413,
                null,
                "at most 50000 bytes");
        assertAnswer(server.post(PREDICT, JSON, "{\"text\": \"a\"}"), 2);
    }

    @Test
    void shouldRefuseUnknownNamesAndPaths() throws Exception {
        assertProblem(
                server.post("/api/v1/lanes/nobody/shop/predict", JSON, "{\"text\": \"a\"}"),
                404,
                null,
                "adaptation 'nobody' does not run in this process; those that do are [letters]");
        assertProblem(
                server.post("/api/v1/lanes/letters/a%01b/predict", JSON, "{\"text\": \"a\"}"),
                400,
                "BAD_KEY",
                "domain");
        assertProblem(server.get("/api/v1/nothing"), 404, null, "nothing at '/api/v1/nothing'");
        HttpResponse<String> get = server.get(PREDICT);
        assertProblem(get, 405, null, "must be requested with POST");
        assertThat(get.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void shouldRefuseWhatPagesOfOtherSitesSend() throws Exception {
        String body = "{\"text\": \"a\"}";
        String own = "http://127.0.0.1:" + server.port();

        assertThat(from("Origin", own, body)).isEqualTo(200);
        assertThat(from("Sec-Fetch-Site", "same-origin", body)).isEqualTo(200);
        for (String other : List.of("http://evil.example", "http://127.0.0.1:1", "null", "https://127.0.0.1")) {
            assertThat(from("Origin", other, body)).as(other).isEqualTo(403);
        }
        for (String other : List.of("cross-site", "same-site")) {
            assertThat(from("Sec-Fetch-Site", other, body)).as(other).isEqualTo(403);
        }
    }

    @Test
    void shouldRefuseNamesThatCouldPointToItForABrowser() throws Exception {
        for (String known : List.of(
                "localhost",
                "LocalHost:8080",
                "a.localhost",
                "127.0.0.1",
                "10.1.2.3:80",
                "[::1]:8080",
                "models.example",
                "Models.Example:9")) {
            assertThat(at(known)).as(known).startsWith("HTTP/1.1 200 ");
        }
        for (String other : List.of(
                "evil.example",
                "evil.example:8080",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "notlocalhost",
                "1::2::3",
                "",
                "evil_example",
                "models.example.evil",
                "a b")) {
            assertThat(at(other)).as(other).doesNotStartWith("HTTP/1.1 200 ").contains("HTTP/1.1 4");
        }
        assertThat(at("evil.example")).startsWith("HTTP/1.1 421 ").contains("was sent to 'evil.example'");
    }

    /** What a caller gets who names the service {@code host}. */
    private static String at(String host) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            String head = "GET /v2 HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return read(socket.getInputStream());
        }
    }

    private static int from(String header, String value, String body) throws Exception {
        return server.send(server.request(PREDICT)
                        .header(header, value)
                        .header("Content-Type", JSON)
                        .POST(BodyPublishers.ofString(body)))
                .statusCode();
    }

    @Test
    void shouldWaitForNoBodyThatDoesNotCome() throws Exception {
        try (ApiServer impatient = new ApiServer(desk, new ApiLimits(BODY_BYTES, BODY_BYTES, Duration.ofMillis(150)));
                Socket socket = new Socket("127.0.0.1", impatient.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + PREDICT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100\r\n\r\n{\"text\"")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();

            // Also the end of the stream: the connection is closed.
            String response = read(socket.getInputStream());
            assertThat(response).startsWith("HTTP/1.1 408 ").contains("must arrive within 150 ms");
        }
    }

    private static String read(InputStream in) throws Exception {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldTurnCallsAwayThatItCannotAnswerInTime() throws Exception {
        try (TestDesk busy = new TestDesk(1);
                ApiServer impatient =
                        new ApiServer(busy, new ApiLimits(BODY_BYTES, BODY_BYTES, Duration.ofMillis(300)));
                ApiServer patient = new ApiServer(busy, LIMITS)) {
            busy.serve("shop", 1);
            busy.hold();
            CompletableFuture<HttpResponse<String>> first = later(patient);
            busy.awaitTaken();

            // The second waits until its time is over, the third finds no place while it does.
            assertThat(atOnce(impatient)).startsWith("HTTP/1.1 504 ").contains("within 300 ms");
            HttpResponse<String> third = patient.post(PREDICT, JSON, "{\"text\": \"a\"}");
            assertProblem(third, 429, null, "at most 1 requests wait at a time");
            assertThat(third.headers().firstValue("Retry-After")).contains("1");

            busy.release();
            assertAnswer(first.join(), 1);
            assertAnswer(patient.post(PREDICT, JSON, "{\"text\": \"a\"}"), 1);
        }
    }

    /** Sends head and body together, so that the body is in time on any machine. */
    private static String atOnce(ApiServer at) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", at.port())) {
            String body = "{\"text\": \"a\"}";
            String head = "POST " + PREDICT + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            return read(socket.getInputStream());
        }
    }

    private static CompletableFuture<HttpResponse<String>> later(ApiServer at) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return at.post(PREDICT, JSON, "{\"text\": \"a\"}");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void shouldSayWhenItIsNotThere() throws Exception {
        try (TestDesk away = new TestDesk(64);
                ApiServer at = new ApiServer(away, LIMITS)) {
            away.serveMissing("shop", 3);
            assertProblem(at.post(PREDICT, JSON, "{\"text\": \"a\"}"), 503, null, "cannot be loaded at present");
            assertProblem(
                    at.post(PREDICT + "?version=3", JSON, "{\"text\": \"a\"}"), 404, "NO_VERSION", "cannot be loaded");

            away.shut("the service stops");
            HttpResponse<String> response = at.post(PREDICT, JSON, "{\"text\": \"a\"}");
            assertProblem(response, 503, null, "the service stops");
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
        }
    }

    /** Every answer is that of the version that it names, also while versions follow each other. */
    @Test
    void shouldNeverNameAnotherVersionThanTheOneThatAnswered() throws Exception {
        try (TestDesk swapping = new TestDesk(64);
                ApiServer at = new ApiServer(swapping, LIMITS)) {
            swapping.serve("shop", 1);
            Thread swaps = new Thread(() -> {
                for (int number = 2; number < 200; number++) {
                    swapping.serve("shop", number);
                }
            });
            swaps.start();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 40 || swaps.isAlive(); i++) {
                answers.add(later(at));
                if (i % 8 == 7) {
                    answers.get(i).join();
                }
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.join();
                if (response.statusCode() != 429) {
                    JsonNode json = json(response);
                    assertThat(json.get("prediction").asText())
                            .isEqualTo("v" + json.get("version").asLong());
                }
            }
        }
    }

    @Test
    void shouldReadFilesInBase64AndInForms() throws Exception {
        // The adaptation of this test reads texts only, which it says of every image that arrives.
        String image = Base64.getEncoder().encodeToString(new byte[300]);
        assertProblem(server.post(PREDICT, JSON, "{\"image\": \"" + image + "\"}"), 422, "BAD_PAYLOAD", "a text");
        assertProblem(server.post(PREDICT, "audio/wav", "RIFF"), 422, "BAD_PAYLOAD", "a text");
        String form =
                "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\nabc\r\n--x--\r\n";
        assertProblem(server.post(PREDICT, "multipart/form-data; boundary=x", form), 422, "BAD_PAYLOAD", "a text");
    }

    private static void assertAnswer(HttpResponse<String> response, long version) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).get("prediction").asText()).isEqualTo("v" + version);
        assertThat(json(response).get("version").asLong()).isEqualTo(version);
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return MAPPER.readTree(response.body());
    }

    private static void assertProblem(
            HttpResponse<String> response, int status, @Nullable String reason, String message) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("type").asText()).startsWith("urn:headwater:problem:");
        assertThat(problem.get("detail").asText()).contains(message);
        assertThat(problem.path("reason").asText("none")).isEqualTo(reason == null ? "none" : reason);
    }
}
