package io.headwater.streams;

import io.headwater.codec.RegistryException;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.ServingTable;
import io.headwater.role.RecoveryPace;
import io.headwater.role.RoleControl;
import io.headwater.role.RoleState;
import io.headwater.role.ThreadRole;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Joins late labels with their requests and predictions, and evaluates the answers by them: one Kafka Streams application for an
 * adaptation, exactly once. While its state is restored, or partitions move between processes, it is not ready and says what is
 * left. An application that fails is replaced by a new one, which goes on from the last commit.
 */
public final class Streams extends ThreadRole {
    private static final Logger LOG = Logger.getLogger(Streams.class);
    private static final Duration START_POLL = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(100);
    /** Long enough to commit what is done. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

    private final StreamsSetup setup;

    /** A role that does nothing until it is started. When it is stopped, it ends after a last commit. */
    public Streams(StreamsSetup setup) {
        super("streams", setup.group(), setup.instance());
        this.setup = setup;
    }

    @Override
    protected void work(RoleControl control) throws InterruptedException {
        RecoveryPace pace = new RecoveryPace();
        LaneEvents events = new LaneEvents(setup.codec(), setup.listener()::foreign);
        try (ServingTable table = new ServingTable(setup.clients(), events, ServingTable.Listener.NONE)) {
            if (!caughtUp(control, table)) {
                return;
            }
            while (!control.isStopping()) {
                try {
                    joinUntilFailure(control, table, pace);
                } catch (KafkaException | RegistryException | UncheckedIOException e) {
                    if (pace.isNews(e)) {
                        LOG.warnf(e, "streams-recovers instance=%s untold=%d", setup.instance(), pace.takeUntold());
                    }
                    control.recovering(e);
                    setup.listener().recovering(e);
                    pace.pause(control);
                }
            }
        }
    }

    /** Waits until it is known which adaptations serve; returns false when the role is stopped before. */
    private static boolean caughtUp(RoleControl control, ServingTable table) throws InterruptedException {
        control.waitFor("the serving topic");
        while (!control.isStopping()) {
            if (table.awaitCaughtUp(START_POLL)) {
                return true;
            }
            table.fault().ifPresent(fault -> control.waitFor("the serving topic: " + fault));
        }
        return false;
    }

    private void joinUntilFailure(RoleControl control, ServingTable table, RecoveryPace pace)
            throws InterruptedException {
        try (LabelProgress labels = new LabelProgress(
                setup.clients().admin(), setup.clients().topics(), setup.group(), setup.clock(), LabelProgress.PAUSE)) {
            KafkaStreams application = new KafkaStreams(
                    JoinTopology.of(setup, () -> table.servesLongest(setup.adaptation()), labels),
                    StreamsProperties.of(setup));
            joinUntilFailure(control, table, pace, application, labels);
        }
    }

    private void joinUntilFailure(
            RoleControl control, ServingTable table, RecoveryPace pace, KafkaStreams application, LabelProgress labels)
            throws InterruptedException {
        AtomicReference<Throwable> fault = new AtomicReference<>();
        Restoring restoring = new Restoring();
        application.setGlobalStateRestoreListener(restoring);
        application.setUncaughtExceptionHandler(thrown -> {
            fault.compareAndSet(null, thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        setup.listener().opened(application);
        try {
            application.start();
            Heartbeat heartbeat = new Heartbeat(application, restoring);
            while (!control.isStopping()) {
                table.requireAlive();
                if (fault.get() != null || application.state().hasCompletedShutdown()) {
                    throw failure(fault.get());
                }
                labels.look();
                report(control, application.state(), restoring, pace);
                if (heartbeat.beats()) {
                    control.progressed();
                }
                Thread.sleep(LOOK.toMillis());
            }
        } finally {
            application.close(CLOSE_PATIENCE);
            setup.listener().closed(application);
        }
    }

    private static void report(RoleControl control, State state, Restoring restoring, RecoveryPace pace) {
        if (state == State.RUNNING) {
            if (control.state() != RoleState.RUNNING) {
                control.running();
                pace.succeeded();
            }
            return;
        }
        long left = restoring.left();
        String what = left > 0
                ? "its state, of which " + left + " records are left to restore"
                : "its partitions, which are being assigned";
        if (control.state() == RoleState.STARTING) {
            control.waitFor(what);
        } else {
            control.waiting(what);
        }
    }

    /** Returns the fault that ended an application as one that the role recovers from, unless it is a defect. */
    private static RuntimeException failure(@Nullable Throwable fault) {
        Throwable root = fault;
        while (root != null && root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof Error error) {
            throw error;
        }
        boolean isDefect = root instanceof RuntimeException
                && !(root instanceof KafkaException
                        || root instanceof RegistryException
                        || root instanceof UncheckedIOException);
        return isDefect
                ? new IllegalStateException("the application ended because of a defect: " + root, fault)
                : new KafkaException("the application ended", fault);
    }
}
