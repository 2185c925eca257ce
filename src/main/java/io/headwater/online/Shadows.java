package io.headwater.online;

import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.online.CallResult.Answered;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.CallResult.TurnedAway;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServingSetup;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks challengers what they would have answered to requests that were answered and logged, and writes that to the topic of the
 * answers, marked and behind them. Nobody waits for it. Requests are answered one at a time while no caller waits; their number and size
 * are bounded, and those for which there is no room, no version or no time are dropped and counted.
 *
 * <p>Only {@link #answered} is called on other threads than that of the role.
 */
final class Shadows implements AnswerLog.Listener, AutoCloseable {
    /** Number of requests that may wait for challengers. */
    static final int MOST = 256;
    /** Size of these in bytes, where it is more than one. */
    static final long MOST_BYTES = 32L << 20;
    /** For how long a request may wait. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(Shadows.class);

    private final Map<String, Shadow> byDomain = new HashMap<>();
    private final PinnedHeads challengers;
    private final Log log;
    private final OnlineListener listener;
    private final Batches batches;
    private final Queue<Call> waiting = new ConcurrentLinkedQueue<>();
    /** Those whose version had to be searched for, which was found. */
    private final Queue<Call> ready = new ArrayDeque<>();

    private final Set<Cause> told = EnumSet.noneOf(Cause.class);
    private int count;
    private long bytes;

    /** Writes the answer of a challenger. */
    @FunctionalInterface
    interface Log {
        /**
         * Writes an answer.
         *
         * @param written is called when the brokers have it, with null, or else with the reason why they do not
         * @return whether it is written; false when too many others wait for that
         */
        boolean write(Prediction prediction, Context trace, Consumer<@Nullable Exception> written);
    }

    /**
     * Creates an instance for an adaptation.
     *
     * @param all challengers, at most one for each lane; those of other adaptations do not matter
     * @param heads that serve
     * @param challengers opens the versions; used by nobody else, so that no head of a caller is closed for one of them
     */
    Shadows(
            ServingSetup setup,
            List<Shadow> all,
            ServedHeads heads,
            PinnedHeads challengers,
            Log log,
            OnlineListener listener) {
        for (Shadow shadow : all) {
            if (shadow.lane().adaptation().equals(setup.config().name())) {
                byDomain.put(shadow.lane().domain(), shadow);
            }
        }
        this.challengers = challengers;
        this.log = log;
        this.listener = listener;
        this.batches = new Batches(setup, heads, challengers, this::write, OnlineListener.NONE);
    }

    @Override
    public void answered(Call call, Request request, Prediction answer, int size) {
        Shadow shadow = byDomain.get(call.domain());
        // A caller that names a version does not ask the champion, and a champion is no challenger any more.
        if (shadow == null
                || call.version() != null
                || !shadow.chooses(request.id())
                || (answer.version().number() == shadow.version()
                        && answer.version().lane().equals(shadow.lane()))) {
            return;
        }
        if (!enter(size)) {
            dropped(shadow, Cause.FULL, "as many requests wait as may wait for challengers");
            return;
        }
        Call own = new Call(
                call.domain(),
                shadow.version(),
                List.of(request),
                System.nanoTime() + PATIENCE.toNanos(),
                call.trace(),
                new CompletableFuture<>());
        own.result().thenAccept(result -> {
            leave(size);
            if (result instanceof TurnedAway away) {
                dropped(shadow, away.cause(), away.message());
            } else {
                listener.shadowed();
            }
        });
        waiting.add(own);
    }

    private synchronized boolean enter(int size) {
        if (count >= MOST || (count > 0 && bytes + size > MOST_BYTES)) {
            return false;
        }
        count++;
        bytes += size;
        return true;
    }

    private synchronized void leave(int size) {
        count--;
        bytes -= size;
    }

    private void dropped(Shadow shadow, Cause cause, String why) {
        listener.shadowDropped(cause);
        boolean isNews;
        synchronized (this) {
            isNews = told.add(cause);
        }
        if (isNews) {
            LOG.warnf("shadow-dropped shadow=%s cause=%s: %s; further ones are only counted", shadow, cause, why);
        }
    }

    /** Returns whether requests wait for challengers. */
    boolean areWaiting() {
        return !ready.isEmpty() || !waiting.isEmpty();
    }

    /**
     * Answers one of the requests that wait, unless there is none, or a turn that somebody else needs.
     *
     * @param turns a permit for each thread that may answer at the same time
     * @return whether others may wait
     */
    boolean answerOne(Semaphore turns) {
        ready.addAll(challengers.settle());
        if (!areWaiting() || turns.hasQueuedThreads() || !turns.tryAcquire()) {
            return false;
        }
        try {
            Call next = ready.isEmpty() ? waiting.remove() : ready.remove();
            if (next.isLate()) {
                CallQueue.tooLate(next);
            } else {
                batches.answer(List.of(next));
            }
        } finally {
            turns.release();
        }
        return true;
    }

    private void write(Call own, List<Outcome<Prediction>> outcomes) {
        if (outcomes.get(0) instanceof Outcome.Ok<Prediction> ok) {
            Prediction shadow = ok.value().asShadow();
            boolean isWritten = log.write(shadow, own.trace(), fault -> {
                if (fault == null) {
                    own.result().complete(new Answered(List.of(Outcome.ok(shadow))));
                } else {
                    own.turnAway(Cause.AWAY, "the brokers did not take it: " + fault.getMessage());
                }
            });
            if (!isWritten) {
                own.turnAway(Cause.FULL, "too many answers of challengers wait to be written");
            }
        } else {
            own.turnAway(
                    Cause.FAILED,
                    ((Outcome.Rejected<Prediction>) outcomes.get(0)).rejection().message());
        }
    }

    /** Drops what waits. */
    @Override
    public void close() {
        for (Queue<Call> calls : List.of(ready, waiting)) {
            for (Call call = calls.poll(); call != null; call = calls.poll()) {
                call.turnAway(Cause.AWAY, "the service stops");
            }
        }
    }
}
