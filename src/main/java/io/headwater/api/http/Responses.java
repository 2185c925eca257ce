package io.headwater.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;

/** Writes responses. A response that was begun, or whose caller has gone, stays as it is. */
public final class Responses {
    private static final String JSON = "application/json";

    private Responses() {}

    /** Answers with {@code json}. */
    public static void ok(RoutingContext context, JsonNode json) {
        json(context, 200, json);
    }

    /** Answers with {@code json} and a status. */
    public static void json(RoutingContext context, int status, JsonNode json) {
        send(context, status, JSON, bytes(json));
    }

    /** Answers with a problem. */
    public static void problem(RoutingContext context, Problem problem) {
        retryAfter(context, problem);
        send(context, problem.status(), Problem.MEDIA_TYPE, bytes(problem.json()));
    }

    /** Answers with {@code json}, which says what the problem is. */
    public static void error(RoutingContext context, Problem problem, JsonNode json) {
        retryAfter(context, problem);
        send(context, problem.status(), JSON, bytes(json));
    }

    private static void retryAfter(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        if (problem.isPassing() && !response.headWritten()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
    }

    /** Answers with {@code body}. */
    public static void send(RoutingContext context, int status, String mediaType, byte[] body) {
        HttpServerResponse response = context.response();
        if (!response.headWritten() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .end(Buffer.buffer(body));
        }
    }

    /** Returns JSON as bytes. */
    public static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
