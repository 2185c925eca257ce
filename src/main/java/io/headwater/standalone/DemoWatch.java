package io.headwater.standalone;

import io.headwater.domain.Evaluation;
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
import java.util.function.BooleanSupplier;

/** Observes the trainer and the predictor of the demo and reports their events to a {@link DemoView}. */
final class DemoWatch implements TrainerListener, PredictorListener {
    private final Map<String, DemoDomain> domains;
    private final DemoView view;
    private final Map<Lane, VersionRef> first = new ConcurrentHashMap<>();
    private final Map<Lane, VersionRef> swapped = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();
    private final AtomicInteger samples = new AtomicInteger();
    private final AtomicInteger deadLetters = new AtomicInteger();

    private Runnable check = () -> {};

    DemoWatch(Map<String, DemoDomain> domains, DemoView view) {
        this.domains = domains;
        this.view = view;
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        for (ModelVersion version : checkpoint.versions()) {
            versions.incrementAndGet();
            samples.addAndGet(version.lineage().samples());
            domains.computeIfPresent(version.ref().lane().domain(), (name, domain) -> {
                domain.published();
                return domain;
            });
            view.published(version, verdict(checkpoint, version.ref()));
        }
        deadLetters.addAndGet(checkpoint.deadLetters().size());
    }

    private static String verdict(PartitionCheckpoint checkpoint, VersionRef version) {
        return checkpoint.evaluations().stream()
                .filter(evaluation -> evaluation.kind() != Kind.PREQUENTIAL)
                .filter(evaluation -> evaluation.lane().equals(version.lane()))
                .map(DemoWatch::text)
                .findFirst()
                .orElse("");
    }

    private static String text(Evaluation evaluation) {
        return (evaluation.kind() == Kind.PROMOTED ? "promoted: " : "rejected: ") + evaluation.verdict();
    }

    @Override
    public void swapped(Lane lane, Serving serving) {
        first.putIfAbsent(lane, serving.version());
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

    void await(String what, Duration patience, BooleanSupplier done) throws InterruptedException {
        Waiting.until(what, patience, () -> {
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

    /** Returns the version that served {@code lane} first. */
    VersionRef firstServing(Lane lane) {
        VersionRef version = first.get(lane);
        if (version == null) {
            throw new IllegalStateException("nothing ever served lane " + lane);
        }
        return version;
    }

    int versions() {
        return versions.get();
    }

    int samples() {
        return samples.get();
    }

    int deadLetters() {
        return deadLetters.get();
    }
}
