package io.headwater.cli;

import io.headwater.cli.console.TimeLimit;
import io.headwater.codec.Codec;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.ops.CommandDispatch;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Base class of commands that send a command for a lane and wait until the trainer has carried it out. */
abstract class DecisionCommand extends LaneCommand implements Callable<Integer> {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason given",
            description = "The reason, which is recorded in the event.")
    String reason;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the brokers and the trainer. Default: ${DEFAULT-VALUE}.")
    int timeoutSeconds;

    private final long began = System.nanoTime();

    @Override
    public final Integer call() throws Exception {
        return TimeLimit.within(timeoutSeconds, this::decide);
    }

    /** Sends the command and prints its effect; returns the exit code. */
    abstract Integer decide() throws InterruptedException;

    /** Lets a version serve, and prints which one serves then. */
    int serve(Action action, @Nullable Long number) throws InterruptedException {
        RuntimeSettings settings = connection.settings();
        Clients clients = connection.clients(settings);
        Codec codec = connection.codec(settings);
        LaneLog log = new LaneLog(clients, codec);
        carryOut(new CommandDispatch(clients, codec), action, version(log, action, number), "", List.of());
        Serving decided = log.serving(lane::equals).get(lane);
        if (decided == null) {
            throw new IllegalStateException("no version serves lane '%s'".formatted(lane));
        }
        output.print(
                Map.of("lane", lane.key(), "serving", decided),
                () -> output.line("%s now serves %s (%s)", lane, decided.version(), decided.reason()));
        return 0;
    }

    /** Changes how the lane learns, and prints {@code text} with the name of the lane. */
    int change(Action action, String text) throws InterruptedException {
        RuntimeSettings settings = connection.settings();
        CommandDispatch dispatch = new CommandDispatch(connection.clients(settings), connection.codec(settings));
        TrainerState state = carryOut(dispatch, action, null, "", List.of());
        output.print(Map.of("lane", lane.key(), "state", state), () -> output.line(text, lane));
        return 0;
    }

    TrainerState carryOut(
            CommandDispatch dispatch, Action action, @Nullable VersionRef version, String sampleId, List<Long> offsets)
            throws InterruptedException {
        return carryOut(dispatch, new Command(lane, action, version, by(), reason, Instant.now(), sampleId, offsets));
    }

    /** Sends a command that names a class, and waits until it is carried out. */
    TrainerState carryOut(CommandDispatch dispatch, Action action, List<Long> offsets, String label, String into)
            throws InterruptedException {
        return carryOut(
                dispatch, new Command(lane, action, null, by(), reason, Instant.now(), "", offsets, label, into));
    }

    private TrainerState carryOut(CommandDispatch dispatch, Command command) throws InterruptedException {
        return dispatch.carryOut(command, Duration.ofSeconds(timeoutSeconds).minusNanos(System.nanoTime() - began));
    }

    private static String by() {
        return System.getProperty("user.name", "unknown");
    }

    private @Nullable VersionRef version(LaneLog log, Action action, @Nullable Long number) {
        if (number == null && action != Action.PROMOTE) {
            return action == Action.ROLLBACK ? previous(log) : null;
        }
        return version(log, lane, number);
    }

    /** Returns the version with this number of a lane, or its newest one. */
    static VersionRef version(LaneLog log, Lane of, @Nullable Long number) {
        return log.versions(of::equals).stream()
                .map(ModelVersion::ref)
                .filter(ref -> number == null || ref.number() == number)
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IllegalArgumentException(
                        "lane '%s' has no version %s; 'headwater versions' lists what there is"
                                .formatted(of, number == null ? "at all" : number)));
    }

    /** Returns a version of the lane that the trainer has published. */
    ModelVersion published(LaneLog log, VersionRef version) {
        return log.versions(lane::equals).stream()
                .filter(one -> one.ref().equals(version))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("version %s is not published".formatted(version)));
    }

    private VersionRef previous(LaneLog log) {
        Serving serving = log.serving(lane::equals).get(lane);
        if (serving == null || serving.previous() == null) {
            throw new IllegalArgumentException(
                    "lane '%s' has no champion before the present one to go back to".formatted(lane));
        }
        return serving.previous();
    }
}
