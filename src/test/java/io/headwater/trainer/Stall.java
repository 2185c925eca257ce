package io.headwater.trainer;

import io.headwater.domain.Rejection;
import java.util.concurrent.CountDownLatch;

/** Blocks a trainer in the middle of its first commit, like a long pause of its process, until it is released. */
final class Stall {
    /** The point at which the trainer is blocked. */
    enum At {
        SENT,
        OFFSETS_SENT
    }

    private final At at;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    Stall(At at) {
        this.at = at;
    }

    boolean isReached() {
        return reached.getCount() == 0;
    }

    void release() {
        released.countDown();
    }

    private void passed(At now) {
        if (now == at) {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns a listener that blocks its trainer and forwards all events to {@code listener}. */
    TrainerListener before(TrainerListener listener) {
        return new TrainerListener() {
            @Override
            public void sent() {
                passed(At.SENT);
            }

            @Override
            public void offsetsSent() {
                passed(At.OFFSETS_SENT);
            }

            @Override
            public void committed(PartitionCheckpoint checkpoint) {
                listener.committed(checkpoint);
            }

            @Override
            public void rejected(Rejection rejection) {
                listener.rejected(rejection);
            }

            @Override
            public void recovering(Exception cause) {
                listener.recovering(cause);
            }
        };
    }
}
