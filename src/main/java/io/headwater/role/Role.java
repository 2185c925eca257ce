package io.headwater.role;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of Headwater that runs until it is stopped, such as the trainer or the predictor. Whoever runs roles needs to
 * know nothing else of them: it starts each one, watches {@link #state}, and in the end stops it and waits for its end.
 * A role starts once. All methods may be called by any thread.
 *
 * <p>{@link ThreadRole} is the basis of a role that works on a thread of its own.
 */
public interface Role {
    /** The name that settings, logs and health checks use, such as {@code trainer}. */
    String name();

    /**
     * Starts it, and returns at once.
     *
     * @throws IllegalStateException when it was started before
     */
    void start();

    /**
     * Asks it to complete the work at hand and to end, and returns at once. Has no effect on a role that has ended.
     */
    void stop();

    /** Waits until it has ended and has released what it held. */
    void awaitEnd() throws InterruptedException;

    /**
     * Waits until it has ended and has released what it held, but not for ever.
     *
     * @param patience how long to wait at most; zero or less does not wait
     * @return whether it has ended
     */
    boolean awaitEnd(Duration patience) throws InterruptedException;

    /** Where it stands between its start and its end. */
    RoleState state();

    /**
     * What it waits for before it can be {@link RoleState#RUNNING}, for people: a topic that it reads first, or what it
     * recovers from. Empty when it waits for nothing.
     */
    Optional<String> waitsFor();

    /** Why it is {@link RoleState#FAILED}; null in every other state. */
    @Nullable
    Throwable failure();
}
