package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.api.http.ApiLimits;
import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.online.TestDesk;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels of requests over HTTP. */
@Timeout(60)
class FeedbackRoutesTest {
    private static final String FEEDBACK = "/api/v1/lanes/letters/shop/feedback/";

    private TestDesk desk;
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        desk = new TestDesk(64);
        server = new ApiServer(desk, new ApiLimits(10_000, 100_000, Duration.ofSeconds(20)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        desk.close();
    }

    @Test
    void shouldSendTheLabelOfARequest() throws Exception {
        HttpResponse<String> response =
                send("q%201", "{\"label\": \"good\", \"observedAt\": \"2026-11-29T10:00:00Z\"}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"id\":\"q 1\",\"lane\":\"letters/shop\"}");
        assertThat(desk.labels())
                .containsExactly(new LateLabel(
                        "q 1", "shop", new Label.ClassLabel("good"), Instant.parse("2026-11-29T10:00:00Z")));
        assertThat(send("q", "{\"label\": \"bad\"}").statusCode()).isEqualTo(202);
        assertThat(desk.labels().get(1).observedAt()).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                        | 400 | 'label' is missing",
                "{'label': 1}                              | 400 | must be a string",
                "{'label': ['a']}                          | 400 | must be a string",
                "{'label': 'a', 'observedAt': 'yesterday'} | 400 | must be a time",
                "{'label': 'a', 'by': 'me'}                | 400 | no field 'by'",
                "nonsense                                  | 400 | must be JSON"
            })
    void shouldRefuseLabelsThatAreNone(String body, int status, String message) throws Exception {
        HttpResponse<String> response = send("q", body.replace('\'', '"'));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(message);
        assertThat(desk.labels()).isEmpty();
    }

    @Test
    void shouldRefuseNamesThatAreNone() throws Exception {
        assertThat(send("i".repeat(201), "{\"label\": \"a\"}").statusCode()).isEqualTo(400);
        assertThat(server.get(FEEDBACK + "q").statusCode()).isEqualTo(405);
        assertThat(server.post("/api/v1/lanes/nobody/shop/feedback/q", "application/json", "{\"label\": \"a\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(desk.labels()).isEmpty();
    }

    private HttpResponse<String> send(String id, String body) throws Exception {
        return server.post(FEEDBACK + id, "application/json", body);
    }
}
