package io.headwater.api.http;

import io.headwater.domain.Request;
import io.headwater.online.Call;
import io.headwater.online.CallResult;
import io.headwater.online.CallResult.Answered;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.CallResult.TurnedAway;
import io.headwater.online.Desk;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request over HTTP from its first byte to its answer: the body is received on the event loop, read on a thread that may block,
 * and asked at a desk; the answer is written on the event loop again. Whatever goes wrong is answered with a problem, and the time for
 * the answer is limited even if the desk hangs.
 */
public final class Caller {
    private static final Logger LOG = Logger.getLogger(Caller.class);

    private final ApiLimits limits;
    private final Bodies bodies;
    private final BiConsumer<RoutingContext, Problem> problems;

    /**
     * Creates an instance.
     *
     * @param problems writes problems, in the form that the callers expect
     */
    public Caller(ApiLimits limits, Bodies bodies, BiConsumer<RoutingContext, Problem> problems) {
        this.limits = limits;
        this.bodies = bodies;
        this.problems = problems;
    }

    /** Reads a body. */
    @FunctionalInterface
    public interface BodyReader<T> {
        /**
         * Reads it on a thread that may block.
         *
         * @throws Problem.Raised when it cannot be used
         */
        T read(byte[] body);
    }

    /** Receives and reads the body of a request, and passes what was read on, on the event loop. */
    public <T> void receive(RoutingContext context, BodyReader<T> reader, Consumer<T> then) {
        String encoding = context.request().getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problem.of(
                            415,
                            "Unsupported content encoding",
                            "bodies must be sent as they are, but this one has the encoding '%s'".formatted(encoding))
                    .raised();
        }
        bodies.receive(context, body -> block(context, () -> reader.read(body), then), problems);
    }

    /** Does something on a thread that may block, and passes what came of it on, on the event loop. */
    public <T> void block(RoutingContext context, Callable<T> work, Consumer<T> then) {
        context.vertx()
                .executeBlocking(work, false)
                .onSuccess(done -> guard(context, () -> then.accept(done)))
                .onFailure(fault -> fail(context, fault));
    }

    /** Asks at a desk, and passes the answer on, on the event loop. */
    public void ask(
            RoutingContext context,
            Desk desk,
            String domain,
            @Nullable Long version,
            List<Request> requests,
            Consumer<Answered> then) {
        ask(context, desk, domain, version, requests, null, then);
    }

    /**
     * As {@link #ask(RoutingContext, Desk, String, Long, List, Consumer)}, for a caller who waits for some time only.
     *
     * @param patience null if the caller does not say it
     */
    public void ask(
            RoutingContext context,
            Desk desk,
            String domain,
            @Nullable Long version,
            List<Request> requests,
            @Nullable Duration patience,
            Consumer<Answered> then) {
        Duration most = limits.deadline();
        Duration time = patience != null && patience.compareTo(most) < 0 ? patience : most;
        boolean isShorter = time.compareTo(most) < 0;
        // A timer has a millisecond at least.
        long millis = Math.max(1, time.toMillis());
        Call call = Call.of(domain, version, requests, System.nanoTime() + time.toNanos());
        long timer = context.vertx()
                .setTimer(
                        millis,
                        id -> call.result()
                                .complete(new TurnedAway(
                                        Cause.LATE,
                                        "a request must be answered within %d ms (%s), but was not; try again"
                                                .formatted(
                                                        millis,
                                                        isShorter ? "as its caller says" : "headwater.api.deadline"))));
        Context loop = context.vertx().getOrCreateContext();
        call.result()
                .whenComplete((result, fault) -> loop.runOnContext(now -> {
                    context.vertx().cancelTimer(timer);
                    guard(context, () -> answer(context, result, then));
                }));
        desk.ask(call);
    }

    private void answer(RoutingContext context, CallResult result, Consumer<Answered> then) {
        if (result instanceof TurnedAway away) {
            problems.accept(context, Problem.of(away));
        } else {
            then.accept((Answered) result);
        }
    }

    /**
     * Returns the number of a version.
     *
     * @throws Problem.Raised when the text is none
     */
    public static long version(String text) {
        try {
            long number = Long.parseLong(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problem.of(400, "Bad version", "version must be a positive integer, but is '%s'".formatted(text))
                .raised();
    }

    /** Does something of which any failure is answered with a problem. */
    public void guard(RoutingContext context, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            fail(context, e);
        }
    }

    private void fail(RoutingContext context, Throwable fault) {
        if (fault instanceof Problem.Raised raised) {
            problems.accept(context, raised.problem());
        } else {
            // The path may name a lane; nothing of a body is logged.
            LOG.errorf(fault, "request-failed path=%s", context.request().path());
            problems.accept(context, Problem.of(500, "Failed", "the request failed; the log of the service says why"));
        }
    }
}
