package io.headwater.role;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A role that works on one thread: on a new thread after {@link #start}, or on the calling thread in {@link #run}. When
 * {@link #work} returns or is interrupted, the role is stopped. When it throws anything else, the role has failed, and
 * the cause is logged.
 */
public abstract class ThreadRole implements Role, Runnable {
    private final Logger log = Logger.getLogger(getClass());
    private final String name;
    private final String group;
    private final String instance;
    private final RoleControl control = new RoleControl();
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Creates a role that is not yet started.
     *
     * @param name name of the role
     * @param group consumer group that it belongs to, for the log
     * @param instance name of this role within its group, for the log
     */
    protected ThreadRole(String name, String group, String instance) {
        this.name = name;
        this.group = group;
        this.instance = instance;
    }

    /**
     * Does the work of the role until {@link RoleControl#isStopping}, or until there is nothing left to do, and then
     * releases its resources. Reports to {@code control} when it is running, when it recovers and what it waits for.
     */
    protected abstract void work(RoleControl control) throws InterruptedException;

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final void start() {
        requireFirstStart();
        new Thread(this::workToEnd, "headwater-" + name).start();
    }

    /**
     * Does the work on the calling thread until {@link #stop}. When the work fails, this method does not throw; see
     * {@link #failure}.
     *
     * @throws IllegalStateException when it was started before
     */
    @Override
    public final void run() {
        requireFirstStart();
        workToEnd();
    }

    private void requireFirstStart() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a " + name + " starts once, but this one was started before; make a new one");
        }
    }

    private void workToEnd() {
        try {
            work(control);
            control.stopped();
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            control.stopped();
        } catch (Throwable e) {
            control.failed(e);
            log.errorf(e, "%s-failed group=%s instance=%s", name, group, instance);
        } finally {
            ended.countDown();
        }
    }

    @Override
    public final void stop() {
        control.stop();
    }

    @Override
    public final void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public final boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public final RoleState state() {
        return control.state();
    }

    @Override
    public final Optional<String> waitsFor() {
        return control.waitsFor();
    }

    @Override
    public final Duration withoutProgress() {
        return control.withoutProgress();
    }

    @Override
    public final @Nullable Throwable failure() {
        return control.failure();
    }
}
