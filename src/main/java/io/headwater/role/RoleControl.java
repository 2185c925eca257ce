package io.headwater.role;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Connects the thread of a role with all other threads: they ask it to stop, and it reports its state. Only the role's
 * own thread changes the state.
 */
public final class RoleControl {
    private volatile boolean stopping;
    private volatile RoleState state = RoleState.STARTING;
    private volatile @Nullable String waitsFor = "its start";
    private volatile @Nullable Throwable failure;

    RoleControl() {}

    /** Whether the role was asked to stop. */
    public boolean isStopping() {
        return stopping;
    }

    /** The present state of the role. */
    public RoleState state() {
        return state;
    }

    /** The role waits for {@code what}, a noun phrase such as "the serving topic", before it is at work. */
    public void waitFor(String what) {
        waitsFor = what;
    }

    /** The role is at work. */
    public void running() {
        become(RoleState.RUNNING);
        waitsFor = null;
    }

    /** The role goes back to what is committed because of {@code cause}. */
    public void recovering(Exception cause) {
        become(RoleState.RECOVERING);
        waitsFor = "recovery from " + cause;
    }

    void stop() {
        stopping = true;
    }

    void stopped() {
        become(RoleState.STOPPED);
        waitsFor = null;
    }

    void failed(Throwable cause) {
        // Before the state, so that whoever sees FAILED finds the reason.
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
