package io.headwater.role;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of Headwater that runs until it is stopped, such as the trainer or the predictor. Code that runs roles needs
 * only this interface: it starts each role, watches {@link #state}, and finally stops the role and waits for it to end.
 * A role can be started only once. All methods may be called by any thread.
 *
 * <p>{@link ThreadRole} is the base class of a role that works on a thread of its own.
 */
public interface Role {
    /** Returns the name that settings, logs and health checks use, such as {@code trainer}. */
    String name();

    /**
     * Starts the role and returns immediately.
     *
     * @throws IllegalStateException when it was started before
     */
    void start();

    /**
     * Requests that the role complete its current work and end, and returns immediately. Has no effect on a role that
     * has ended.
     */
    void stop();

    /** Waits until the role has ended and has released its resources. */
    void awaitEnd() throws InterruptedException;

    /**
     * Waits until the role has ended and has released its resources, or until {@code patience} has passed.
     *
     * @param patience maximum time to wait; does not wait when zero or negative
     * @return whether the role has ended
     */
    boolean awaitEnd(Duration patience) throws InterruptedException;

    /** Returns the current state. */
    RoleState state();

    /**
     * Returns what the role waits for before it can be {@link RoleState#RUNNING}, as text for people: a topic that it
     * must read first, an artifact that it cannot load, or the failure that it recovers from. Empty when it waits for nothing.
     */
    Optional<String> waitsFor();

    /**
     * Returns for how long the role has been running without completing a piece of its work and without waiting for work;
     * zero when it is neither {@link RoleState#RUNNING} nor
     * {@link RoleState#WAITING}. A role for which this grows beyond minutes hangs.
     */
    Duration withoutProgress();

    /** Returns the cause of {@link RoleState#FAILED}; null in every other state. */
    @Nullable
    Throwable failure();
}
