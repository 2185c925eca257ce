package io.headwater.online;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Whose turn it is: calls come in batches, in their order, and a challenger is asked about one request only while no call waits. Used on
 * the role's thread only.
 */
final class Turns {
    private final CallQueue queue;
    private final PinnedHeads pinned;
    private final Batches batches;
    private final Shadows shadows;
    private final Semaphore permits;
    private boolean hurries;

    /**
     * Creates turns.
     *
     * @param permits a permit for each thread that may answer at the same time
     */
    Turns(CallQueue queue, PinnedHeads pinned, Batches batches, Shadows shadows, Semaphore permits) {
        this.queue = queue;
        this.pinned = pinned;
        this.batches = batches;
        this.shadows = shadows;
        this.permits = permits;
    }

    /**
     * Answers a batch of calls, or else one request by a challenger.
     *
     * @param patience how long calls are waited for when there is nothing to do
     */
    void next(Duration patience) throws InterruptedException {
        List<Call> calls = new ArrayList<>(pinned.settle());
        calls.removeIf(Turns::isLate);
        if (calls.isEmpty()) {
            calls.addAll(queue.take(hurries ? Duration.ZERO : patience));
        }
        if (calls.isEmpty()) {
            hurries = shadows.answerOne(permits);
            return;
        }
        permits.acquire();
        try {
            batches.answer(calls);
        } finally {
            permits.release();
        }
        hurries = shadows.areWaiting();
    }

    private static boolean isLate(Call call) {
        if (call.isLate()) {
            CallQueue.tooLate(call);
            return true;
        }
        return false;
    }
}
