package io.headwater.standalone;

import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Rejection;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.predictor.PredictorListener;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.TrainerListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Observes the trainer and the predictor of the demo and reports their events to a {@link DemoView}. */
final class DemoWatch implements TrainerListener, PredictorListener {
    private final DemoView view;
    private final Map<DemoAct, DemoTally> tallies = new ConcurrentHashMap<>();
    private final Map<Lane, VersionRef> swapped = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();
    private final AtomicInteger samples = new AtomicInteger();
    private final Map<Lane, Integer> learned = new ConcurrentHashMap<>();
    private final AtomicInteger deadLetters = new AtomicInteger();
    /** How often something was learned or came to serve. */
    private final AtomicLong events = new AtomicLong();

    private Runnable check = () -> {};
    private volatile DemoTally tally = new DemoTally();

    DemoWatch(DemoView view) {
        this.view = view;
    }

    /** Counts from now on what happens in {@code act}. */
    void begin(DemoAct act) {
        tally = tally(act);
    }

    /** Returns what has happened in {@code act}. */
    DemoTally tally(DemoAct act) {
        return tallies.computeIfAbsent(act, begun -> new DemoTally());
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        events.incrementAndGet();
        checkpoint.drifts().forEach(signal -> {
            tally.drifted();
            view.drifted(signal);
        });
        checkpoint.evaluations().forEach(tally::evaluated);
        for (ModelVersion version : checkpoint.versions()) {
            tally.published();
            versions.incrementAndGet();
            checkpoint.evaluations().stream()
                    .filter(one -> one.kind() != Kind.PREQUENTIAL)
                    .filter(one -> one.lane().equals(version.ref().lane()))
                    .findFirst()
                    .ifPresent(verdict -> view.published(version, verdict));
            learned.merge(version.ref().lane(), version.lineage().samples(), Integer::sum);
            // An act ends when its samples are counted, so they are counted last.
            samples.addAndGet(version.lineage().samples());
        }
        deadLetters.addAndGet(checkpoint.deadLetters().size());
    }

    @Override
    public void swapped(Lane lane, Serving serving) {
        events.incrementAndGet();
        swapped.put(lane, serving.version());
        view.swapped(lane.domain(), serving);
    }

    @Override
    public void rejected(Rejection rejection) {
        // Counted in committed().
    }

    @Override
    public void recovering(Exception cause) {
        view.stage("recovering from: " + cause.getMessage());
    }

    /** Sets a check that runs during every wait; an exception it throws ends the wait. */
    void guard(Runnable check) {
        this.check = check;
    }

    /** Does what the guard does. */
    void check() {
        check.run();
    }

    /** Waits until {@code done}; throws an exception if nothing is learned or comes to serve for longer than {@code patience}. */
    void await(String what, Duration patience, BooleanSupplier done) throws InterruptedException {
        Waiting.until(what, patience, events::get, () -> {
            check.run();
            return done.getAsBoolean();
        });
    }

    void awaitServing(Lane lane, Duration patience) throws InterruptedException {
        await("the first version of " + lane, patience, () -> swapped.containsKey(lane));
    }

    void awaitLearned(int count, Duration patience) throws InterruptedException {
        await(count + " samples to be learned", patience, () -> samples.get() + deadLetters.get() >= count);
    }

    int versions() {
        return versions.get();
    }

    int samples() {
        return samples.get();
    }

    /** Returns the number of samples that {@code lane} has learned. */
    int samples(Lane lane) {
        return learned.getOrDefault(lane, 0);
    }

    int deadLetters() {
        return deadLetters.get();
    }

    /** Nothing else writes to the topics of the demo. */
    @Override
    public void foreign(String topic) {}
}
