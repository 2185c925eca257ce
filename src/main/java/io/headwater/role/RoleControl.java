package io.headwater.role;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Connects the thread of a role with all other threads: they request a stop, and the role reports its state. Only the
 * role's own thread changes the state.
 */
public final class RoleControl {
    private volatile boolean stopping;
    private volatile RoleState state = RoleState.STARTING;
    private volatile @Nullable String waitsFor = "its start";
    private volatile @Nullable Throwable failure;

    private volatile long progressed = System.nanoTime();

    RoleControl() {}

    /** Reports that the role has completed a piece of its work, or that there is none. */
    public void progressed() {
        progressed = System.nanoTime();
    }

    /** Returns for how long a running or partly waiting role has neither completed a piece of its work nor waited for work. */
    Duration withoutProgress() {
        return state == RoleState.RUNNING || state == RoleState.WAITING
                ? Duration.ofNanos(System.nanoTime() - progressed)
                : Duration.ZERO;
    }

    /** Returns whether the role has been requested to stop. */
    public boolean isStopping() {
        return stopping;
    }

    /** Returns the current state of the role. */
    public RoleState state() {
        return state;
    }

    /**
     * Reports that the role waits for {@code what}, a noun phrase such as "the serving topic", before it is running.
     */
    public void waitFor(String what) {
        waitsFor = what;
    }

    /** Reports that the role is running. */
    public void running() {
        progressed();
        become(RoleState.RUNNING);
        waitsFor = null;
    }

    /**
     * Reports that the role runs, but that part of its work waits for {@code what}, a noun phrase that names the thing and
     * says what to do. The role goes on by itself.
     */
    public void waiting(String what) {
        waitsFor = what;
        if (state != RoleState.WAITING) {
            progressed();
        }
        become(RoleState.WAITING);
    }

    /** Reports that the role returns to the committed state because of {@code cause}. */
    public void recovering(Exception cause) {
        become(RoleState.RECOVERING);
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        waitsFor = "recovery from " + cause + (root == cause ? "" : ", because of " + root);
    }

    void stop() {
        stopping = true;
    }

    void stopped() {
        become(RoleState.STOPPED);
        waitsFor = null;
    }

    void failed(Throwable cause) {
        // Set before the state, so that every thread that sees FAILED also sees the cause.
        failure = cause;
        become(RoleState.FAILED);
        waitsFor = null;
    }

    Optional<String> waitsFor() {
        return Optional.ofNullable(waitsFor);
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    private void become(RoleState next) {
        if (next != state && !state.mayBecome(next)) {
            throw new IllegalStateException(
                    "a role that is " + state + " cannot become " + next + "; see the diagram of RoleState");
        }
        state = next;
    }
}
