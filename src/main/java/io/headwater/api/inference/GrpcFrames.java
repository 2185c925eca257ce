package io.headwater.api.inference;

import io.headwater.api.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls as gRPC has them over HTTP/2 ("gRPC over HTTP2", https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): a message
 * with a flag and its length before it, and the status of the call in the trailers.
 */
public final class GrpcFrames {
    /** The beginning of the media type. */
    static final String MEDIA_TYPE = "application/grpc";

    private static final String STATUS = "grpc-status";
    private static final String MESSAGE = "grpc-message";
    private static final String REASON = "headwater-reason";
    /** Clients take headers of 8 KiB; encoded, a character takes up to 12. */
    private static final int MOST_TEXT = 500;

    private static final int HEAD = 1 + Integer.BYTES;
    private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,8})([HMSmun])");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "H", ChronoUnit.HOURS,
            "M", ChronoUnit.MINUTES,
            "S", ChronoUnit.SECONDS,
            "m", ChronoUnit.MILLIS,
            "u", ChronoUnit.MICROS,
            "n", ChronoUnit.NANOS);

    private GrpcFrames() {}

    /**
     * Returns the message in the body of a call.
     *
     * @throws Problem.Raised when it is not one message, or compressed
     */
    static ByteBuffer message(byte[] body) {
        ByteBuffer rest = ByteBuffer.wrap(body);
        if (body.length >= HEAD && rest.get() == 1) {
            throw Problem.of(
                            501,
                            "Unsupported compression",
                            "messages must be sent as they are, but this one is compressed")
                    .raised();
        }
        if (body.length < HEAD || body[0] != 0 || rest.getInt() != rest.remaining()) {
            throw Problem.malformed("the body of a call must be one message with its length before it, but is not")
                    .raised();
        }
        return rest.slice();
    }

    /**
     * Returns the time that a caller allows; null when he does not say it.
     *
     * @throws Problem.Raised when it is none
     */
    static @Nullable Duration timeout(@Nullable String header) {
        if (header == null) {
            return null;
        }
        Matcher matcher = TIMEOUT.matcher(header);
        ChronoUnit unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw Problem.malformed("grpc-timeout must be a number of up to 8 digits with one of %s, but is '%s'"
                            .formatted("HMSmun", header))
                    .raised();
        }
        return Duration.of(Long.parseLong(matcher.group(1)), unit);
    }

    /** Answers with a message. */
    static void send(RoutingContext context, byte[] message) {
        HttpServerResponse response = context.response();
        if (!response.headWritten() && !response.closed()) {
            response.putHeader("Content-Type", MEDIA_TYPE)
                    .putTrailer(STATUS, "0")
                    .end(Buffer.buffer(HEAD + message.length)
                            .appendByte((byte) 0)
                            .appendInt(message.length)
                            .appendBytes(message));
        }
    }

    /** Answers with a problem. */
    public static void problem(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        if (!response.headWritten() && !response.closed()) {
            response.putHeader("Content-Type", MEDIA_TYPE)
                    .putHeader(STATUS, Integer.toString(status(problem.status())))
                    .putHeader(MESSAGE, percentEncoded(problem.detail()));
            if (problem.reason() != null) {
                response.putHeader(REASON, problem.reason().name());
            }
            response.end();
        }
    }

    /** Returns the status of gRPC (https://grpc.io/docs/guides/status-codes) for a status of HTTP. */
    private static int status(int http) {
        return switch (http) {
            case 400, 413, 415, 422 -> 3; // INVALID_ARGUMENT
            case 408, 504 -> 4; // DEADLINE_EXCEEDED
            case 404 -> 5; // NOT_FOUND
            case 403, 421 -> 7; // PERMISSION_DENIED
            case 429 -> 8; // RESOURCE_EXHAUSTED
            case 501 -> 12; // UNIMPLEMENTED
            case 503 -> 14; // UNAVAILABLE
            default -> 13; // INTERNAL
        };
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        String shown = text.substring(0, Math.min(MOST_TEXT, text.length()));
        for (byte one : shown.getBytes(StandardCharsets.UTF_8)) {
            if (one >= ' ' && one < 0x7f && one != '%') {
                encoded.append((char) one);
            } else {
                encoded.append("%%%02X".formatted(one));
            }
        }
        return encoded.toString();
    }
}
