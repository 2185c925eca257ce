package io.headwater.online;

import io.headwater.domain.Request;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one caller, which are answered together by one version.
 *
 * @param domain of the requests
 * @param version number of the version that must answer; null for the one that serves
 * @param requests 1 to {@link CallQueue#MOST} requests
 * @param deadline time of {@link System#nanoTime} after which nobody waits for the answer
 * @param trace to which the requests belong
 * @param result is completed when the requests are answered, or turned away
 */
public record Call(
        String domain,
        @Nullable Long version,
        List<Request> requests,
        long deadline,
        Context trace,
        CompletableFuture<CallResult> result) {

    public Call {
        requests = List.copyOf(requests);
        if (requests.isEmpty() || requests.size() > CallQueue.MOST) {
            throw new IllegalArgumentException("a call must have 1 to %d requests, but has %d; make several calls"
                    .formatted(CallQueue.MOST, requests.size()));
        }
    }

    /** Creates a call that is not answered yet, in the trace of this thread. */
    public static Call of(String domain, @Nullable Long version, List<Request> requests, long deadline) {
        return new Call(domain, version, requests, deadline, Context.current(), new CompletableFuture<>());
    }

    boolean isLate() {
        return System.nanoTime() - deadline > 0;
    }

    void turnAway(CallResult.Cause cause, String message) {
        result.complete(new CallResult.TurnedAway(cause, message));
    }
}
