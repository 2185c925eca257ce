package io.headwater.api.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Receives the bodies of requests within limits: of each, of all together, and of time. A body that is too large is refused before it
 * is stored, at its first byte when its length is declared. The bytes count until the response has ended.
 */
public final class Bodies {
    private final ApiLimits limits;
    private final AtomicLong held = new AtomicLong();

    /** Creates an instance; all paths of a server must have the same. */
    public Bodies(ApiLimits limits) {
        this.limits = limits;
    }

    /**
     * Passes the body of a request to {@code then}, or a problem to {@code problems}, which answers with it. To be called at once when the
     * request arrives.
     */
    void receive(RoutingContext context, Consumer<byte[]> then, BiConsumer<RoutingContext, Problem> problems) {
        new Receiving(context, then, problems).begin();
    }

    private Problem tooLarge(String what) {
        return Problem.of(
                413,
                "Too large",
                "the body of a request must have at most %d bytes (headwater.api.max-body-bytes), but has %s"
                        .formatted(limits.bodyBytes(), what));
    }

    /** The body of one request, on the event loop of its connection. */
    private final class Receiving {
        private final RoutingContext context;
        private final HttpServerRequest request;
        private final Consumer<byte[]> then;
        private final BiConsumer<RoutingContext, Problem> problems;
        private final Buffer body = Buffer.buffer();
        private long taken;
        private long timer;
        private boolean refused;

        Receiving(RoutingContext context, Consumer<byte[]> then, BiConsumer<RoutingContext, Problem> problems) {
            this.context = context;
            this.request = context.request();
            this.then = then;
            this.problems = problems;
        }

        void begin() {
            context.addEndHandler(ended -> release());
            timer = context.vertx().setTimer(limits.deadline().toMillis(), id -> late());
            request.exceptionHandler(broken -> done()).handler(this::chunk).endHandler(end -> end());
            long declared = declared();
            if (declared > limits.bodyBytes()) {
                refuse(tooLarge(Long.toString(declared)));
            } else if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                context.response().writeContinue();
            }
            request.resume();
        }

        private long declared() {
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            try {
                return length == null ? 0 : Long.parseLong(length);
            } catch (NumberFormatException e) {
                return Long.MAX_VALUE;
            }
        }

        private void chunk(Buffer chunk) {
            if (refused) {
                return;
            }
            taken += chunk.length();
            if (held.addAndGet(chunk.length()) > limits.bytes()) {
                refuse(Problem.of(
                        429,
                        "Too many requests wait",
                        "the bodies of all requests together must have at most %d bytes at a time (headwater.api.max-bytes), and have as many; try again"
                                .formatted(limits.bytes())));
            } else if (taken > limits.bodyBytes()) {
                refuse(tooLarge("more"));
            } else {
                body.appendBuffer(chunk);
            }
        }

        private void end() {
            done();
            if (!refused) {
                then.accept(body.getBytes());
            }
        }

        /** Answers at once. What still comes is thrown away, so that the caller can read the answer, but not for ever. */
        private void refuse(Problem problem) {
            refused = true;
            problems.accept(context, problem);
        }

        private void late() {
            if (refused) {
                hangUp();
            } else {
                // The rest of the body would never come.
                context.addEndHandler(ended -> hangUp());
                refuse(Problem.of(
                        408,
                        "Too slow",
                        "the body of a request must arrive within %d ms (headwater.api.deadline), but %d bytes came"
                                .formatted(limits.deadline().toMillis(), taken)));
            }
        }

        /** Ends the connection, which has no further use, or where several requests share it, only this one. */
        private void hangUp() {
            if (request.version() == HttpVersion.HTTP_2) {
                context.response().reset();
            } else {
                request.connection().close();
            }
        }

        private void done() {
            context.vertx().cancelTimer(timer);
        }

        private void release() {
            held.addAndGet(-taken);
            taken = 0;
        }
    }
}
