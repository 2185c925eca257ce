package io.headwater.predictor;

import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.role.RoleState;
import io.headwater.testing.Await;
import io.headwater.testing.Installation;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A predictor on a thread of its own, and what it told its listener. */
final class RunningPredictor implements PredictorListener, AutoCloseable {
    private final AtomicInteger answered = new AtomicInteger();
    private final Set<VersionRef> swapped = ConcurrentHashMap.newKeySet();
    private final boolean failsAtRejection;
    private final Predictor predictor;

    RunningPredictor(Installation installation) {
        this(installation, InstantSource.system(), false);
    }

    /** A predictor for which it is the time that {@code clock} says. */
    RunningPredictor(Installation installation, InstantSource clock) {
        this(installation, clock, false);
    }

    /** A predictor that ends, as if its process died, in the transaction of the first request that it refuses. */
    static RunningPredictor thatDiesAtARejection(Installation installation) {
        return new RunningPredictor(installation, InstantSource.system(), true);
    }

    private RunningPredictor(Installation installation, InstantSource clock, boolean failsAtRejection) {
        this.failsAtRejection = failsAtRejection;
        this.predictor = installation.predictor(clock, this);
        predictor.start();
    }

    @Override
    public void answered(int predictions) {
        answered.addAndGet(predictions);
    }

    @Override
    public void rejected(Rejection rejection) {
        if (failsAtRejection) {
            throw new AssertionError("dies as the test wants it to");
        }
    }

    @Override
    public void swapped(Lane lane, Serving serving) {
        swapped.add(serving.version());
    }

    void awaitAnswered(int count) {
        await(count + " answers", () -> answered.get() >= count);
    }

    void awaitSwapped(VersionRef version) {
        await("the swap to " + version, () -> swapped.contains(version));
    }

    /** Whether it began to answer with {@code version}. */
    boolean took(VersionRef version) {
        return swapped.contains(version);
    }

    /** Waits until it is not ready because of something that {@code what} names. */
    void awaitWaiting(String what) {
        await(
                "the wait for " + what,
                () -> predictor.state() == RoleState.WAITING
                        && predictor
                                .waitsFor()
                                .filter(text -> text.contains(what))
                                .isPresent());
    }

    void awaitRunning() {
        await("the predictor to run", () -> predictor.state() == RoleState.RUNNING);
    }

    /** The versions that it began to answer with. */
    Set<VersionRef> swapped() {
        return Set.copyOf(swapped);
    }

    void awaitEnd() {
        Await.until("the predictor to end", () -> predictor.state().isFinal());
    }

    @Nullable
    Throwable failure() {
        return predictor.failure();
    }

    private void await(String what, BooleanSupplier done) {
        Await.until(what, () -> {
            if (predictor.failure() != null) {
                throw new AssertionError("the predictor ended before " + what, predictor.failure());
            }
            return done.getAsBoolean();
        });
    }

    @Override
    public void close() {
        predictor.stop();
        awaitEnd();
    }
}
