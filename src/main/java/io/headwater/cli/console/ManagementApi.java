package io.headwater.cli.console;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** The management API of a service, as {@code docs/page.md} describes it. */
public final class ManagementApi {
    /** The largest answer that is read, 64 MiB: a thousand lanes need less than one. */
    private static final int MOST_BYTES = 64 << 20;

    private static final int OK = 200;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final URI at;
    private final HttpClient client = HttpClient.newHttpClient();

    ManagementApi(URI at) {
        this.at = at;
    }

    /** Returns a name as it stands in a path or a query. */
    public static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Returns the answer to a question.
     *
     * @param path path and query behind {@code /api/v1}
     * @param type a record with the fields that are needed of the answer
     * @throws IllegalStateException when there is no such answer; the message says why
     */
    public <T> T get(String path, Class<T> type) throws InterruptedException {
        URI uri = URI.create(at.toString().replaceAll("/+$", "") + "/api/v1" + path);
        try {
            HttpResponse<InputStream> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
            return read(uri, answer.statusCode(), body(uri, answer), type);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the management API cannot be reached at %s: %s; check --url, and that a service with the role page runs there"
                            .formatted(at, e.getMessage() == null ? "no connection" : e.getMessage()),
                    e);
        }
    }

    private static byte[] body(URI uri, HttpResponse<InputStream> answer) throws IOException {
        try (InputStream in = answer.body()) {
            byte[] body = in.readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw new IllegalStateException(
                        "an answer of the management API must have at most %d bytes, but that of %s has more"
                                .formatted(MOST_BYTES, uri));
            }
            return body;
        }
    }

    private static <T> T read(URI uri, int status, byte[] body, Class<T> type) throws IOException {
        try {
            JsonNode json = JSON.readTree(body);
            if (status == OK && json.isObject()) {
                return JSON.treeToValue(json, type);
            }
            if (json.path("detail").isTextual()) {
                throw new IllegalStateException("the management API refuses %s with status %d: %s"
                        .formatted(uri, status, json.get("detail").asText()));
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new IllegalStateException(
                "%s must be answered as by the management API of this release, but the answer has status %d and is something else; check that --url is the address of a service with the role page"
                        .formatted(uri, status));
    }
}
