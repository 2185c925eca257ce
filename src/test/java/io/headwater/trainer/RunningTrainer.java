package io.headwater.trainer;

import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.role.RoleState;
import io.headwater.testing.Await;
import io.headwater.testing.Installation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** Runs a trainer on a thread of its own and records its events. */
final class RunningTrainer implements AutoCloseable {
    private final LinkedBlockingQueue<PartitionCheckpoint> checkpoints = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Rejection> rejections = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Exception> recoveries = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Lane> withdrawn = new LinkedBlockingQueue<>();
    private final Map<Integer, Backlog> backlogs = new ConcurrentHashMap<>();
    private final Map<Integer, Long> learned = new ConcurrentHashMap<>();
    private final Trainer trainer;

    RunningTrainer(Installation installation, String instance) {
        this(instance, listener -> installation.trainer(instance, listener));
    }

    /** Starts the trainer that {@code make} creates for a given listener. */
    RunningTrainer(String instance, Function<TrainerListener, Trainer> make) {
        trainer = make.apply(new TrainerListener() {
            @Override
            public void committed(PartitionCheckpoint checkpoint) {
                learned.merge(checkpoint.partition(), checkpoint.samplesOffset(), Math::max);
                checkpoints.add(checkpoint);
            }

            @Override
            public void rejected(Rejection rejection) {
                rejections.add(rejection);
            }

            @Override
            public void behind(Backlog backlog) {
                backlogs.put(backlog.partition(), backlog);
            }

            @Override
            public void unassigned(String adaptation, int partition) {
                backlogs.remove(partition);
            }

            @Override
            public void withdrawn(Lane lane) {
                withdrawn.add(lane);
            }

            @Override
            public void recovering(Exception cause) {
                recoveries.add(cause);
            }
        });
        trainer.start();
    }

    /** Waits for the next checkpoint that matches {@code wanted}. */
    PartitionCheckpoint await(Predicate<PartitionCheckpoint> wanted) throws InterruptedException {
        while (true) {
            PartitionCheckpoint checkpoint = checkpoints.poll(60, TimeUnit.SECONDS);
            if (checkpoint == null) {
                throw new IllegalStateException(
                        "no such checkpoint came; the trainer is " + trainer.state(), trainer.failure());
            }
            if (wanted.test(checkpoint)) {
                return checkpoint;
            }
        }
    }

    /** Waits for the next change of the version that serves {@code lane}. */
    Serving awaitServing(Lane lane) throws InterruptedException {
        return Objects.requireNonNull(await(checkpoint -> checkpoint.servings().containsKey(lane))
                .servings()
                .get(lane));
    }

    /** Waits until it is not ready because of something that {@code what} names. */
    void awaitWaiting(String... what) {
        Await.until(
                "the wait for " + List.of(what),
                () -> trainer.state() == RoleState.WAITING
                        && trainer.waitsFor()
                                .filter(text -> List.of(what).stream().allMatch(text::contains))
                                .isPresent());
    }

    /** Waits until it is not ready, and says that it waits for {@code what}. */
    void awaitWaitingFor(String what) {
        Await.until(
                "the wait for " + what,
                () -> trainer.waitsFor().filter(text -> text.contains(what)).isPresent());
    }

    /** Waits until the version that served {@code lane} is out of service. */
    void awaitWithdrawn(Lane lane) {
        Await.until("the withdrawal", () -> withdrawn.contains(lane));
    }

    /** Waits for the next state of {@code lane}. */
    TrainerState awaitState(Lane lane) throws InterruptedException {
        return state(await(checkpoint -> state(checkpoint, lane).isPresent()), lane)
                .orElseThrow();
    }

    private static Optional<TrainerState> state(PartitionCheckpoint checkpoint, Lane lane) {
        return checkpoint.states().stream()
                .filter(state -> state.version().lane().equals(lane))
                .reduce((first, second) -> second);
    }

    /** Waits until everything on {@code partition} below {@code offset} is committed. */
    void awaitOffset(int partition, long offset) throws InterruptedException {
        await(checkpoint -> checkpoint.partition() == partition && checkpoint.samplesOffset() >= offset);
    }

    /** Waits until it is that many samples behind those of {@code partition}. */
    Backlog awaitBacklog(int partition, long samples) {
        Await.until(
                "a backlog of %d samples".formatted(samples),
                () -> Optional.ofNullable(backlogs.get(partition))
                        .filter(backlog -> backlog.samples() == samples)
                        .isPresent());
        return Objects.requireNonNull(backlogs.get(partition));
    }

    /** Returns whether it says how far it is behind the samples of any partition. */
    boolean isMeasured() {
        return !backlogs.isEmpty();
    }

    /** Returns the offset up to which this trainer has committed {@code partition}, or -1 before its first commit. */
    long learnedTo(int partition) {
        return learned.getOrDefault(partition, -1L);
    }

    List<Exception> recoveries() {
        return List.copyOf(recoveries);
    }

    /** Stops the trainer as SIGTERM does. */
    @Override
    public void close() {
        trainer.stop();
        try {
            trainer.awaitEnd(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (trainer.state() != RoleState.STOPPED) {
            throw new IllegalStateException("the trainer did not stop in time", trainer.failure());
        }
    }
}
