package io.headwater.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.online.CallResult.TurnedAway;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a request over HTTP has no answer, as RFC 9457 describes it.
 *
 * @param status the status of the response, 400 to 599
 * @param title what is the same for all problems of its type
 * @param detail text for people that names the thing, the rule, the offending value and what to do
 * @param reason the reason that the dead letter of such a request would have; null when the fault is not in its content
 */
public record Problem(
        int status, String title, String detail, @Nullable Reason reason) {
    /** The media type of its JSON. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPES = "urn:headwater:problem:";

    /** Carries a problem to where the response is written. */
    public static final class Raised extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        Raised(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        /** Returns the problem. */
        public Problem problem() {
            return problem;
        }
    }

    /** Returns a problem whose fault is not in the content of the request. */
    public static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, null);
    }

    /** Returns the problem of a request whose form cannot be read. */
    public static Problem malformed(String detail) {
        return of(new Rejection(Reason.MALFORMED, detail));
    }

    /** Returns the problem of a request that cannot be used. */
    public static Problem of(Rejection rejection) {
        Reason reason = rejection.reason();
        return new Problem(status(reason), title(reason), rejection.message(), reason);
    }

    /** Returns the problem of a call that was not answered. */
    public static Problem of(TurnedAway away) {
        return switch (away.cause()) {
            case FULL -> of(429, "Too many requests wait", away.message());
            case LATE -> of(504, "Not answered in time", away.message());
            case AWAY -> of(503, "Not available at present", away.message());
            case UNKNOWN_VERSION -> new Problem(404, "Unknown version", away.message(), Reason.NO_VERSION);
            case FAILED -> of(500, "Failed", away.message());
        };
    }

    private static int status(Reason reason) {
        return switch (reason) {
            case NO_VERSION, UNKNOWN_REQUEST -> 404;
            case TOO_LARGE -> 413;
            case REFUSED -> 409;
            case WRONG_KIND, BAD_PAYLOAD, NOT_FINITE, BAD_LABEL, CRASHES -> 422;
            case TOO_MANY_LANES, TOO_MANY_LABELS -> 429;
            case TOMBSTONE, BAD_KEY, MISROUTED, UNKNOWN_SCHEMA, MALFORMED -> 400;
        };
    }

    private static String title(Reason reason) {
        String words = reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Returns the same problem of a part of a request. */
    public Problem in(String part) {
        return new Problem(status, title, part + ": " + detail, reason);
    }

    /** Returns whether the same request may succeed a second later. */
    public boolean isPassing() {
        return status == 429 || status == 503;
    }

    /** Returns an exception that carries it. */
    public Raised raised() {
        return new Raised(this);
    }

    /** Returns the URI of its type: that of its reason, or else of its title. */
    String type() {
        String name = reason == null ? title : reason.name();
        return TYPES + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** Returns it as JSON. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", type())
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        if (reason != null) {
            json.put("reason", reason.name());
        }
        return json;
    }
}
