package io.headwater.predictor;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.ServingTable;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServedHeads.Served;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * Predicts with the serving heads in the caller's own thread: no request goes over a topic. The serving heads change only in
 * {@link #swap}. Not safe for use by several threads.
 */
public final class LocalPredictor implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final PredictorSetup setup;
    private final ServedHeads heads;
    private final ServingTable table;

    /** A predictor that follows the serving topic from now on. */
    public LocalPredictor(PredictorSetup setup) {
        this.setup = setup;
        this.heads = new ServedHeads(setup.serving());
        this.table = new ServingTable(setup.clients(), new LaneEvents(setup.codec()), heads);
    }

    /**
     * A prediction and the version that made it.
     *
     * @param label of the kind that the task's labels have
     */
    public record VersionedLabel(VersionRef version, Label label) {}

    /**
     * Waits until everything that was on the serving topic at the start is known.
     *
     * @throws KafkaException when that takes longer than a minute
     */
    public void awaitCaughtUp() throws InterruptedException {
        table.awaitCaughtUp();
        swap();
    }

    /**
     * Predicts with the heads that serve now, from now on. Waits up to a minute for those that cannot be loaded.
     *
     * @throws IllegalStateException when the serving topic is no longer followed
     * @throws ArtifactException when a version that serves cannot be loaded
     */
    public void swap() throws InterruptedException {
        table.requireAlive();
        heads.swap();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!heads.waiting().isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ArtifactException(String.join("; ", heads.waiting()));
            }
            Thread.sleep(PAUSE.toMillis());
            heads.swap();
        }
    }

    /** The version that answers for {@code domain}, whatever it is asked; empty when none does yet, or the nearest one does. */
    public Optional<VersionRef> serving(String domain) {
        return Optional.ofNullable(heads.forDomain(domain)).map(Served::version);
    }

    /**
     * The prediction of the version that serves {@code domain} for {@code payload}; empty when none serves it yet.
     *
     * @throws IllegalArgumentException when the adaptation rejects the payload
     */
    public Optional<VersionedLabel> answer(String domain, Payload payload) {
        if (!heads.isServed(domain)) {
            return Optional.empty();
        }
        Featurizer featurizer = setup.featurizer();
        Outcome<Optional<VersionedLabel>> label = featurizer
                .view(payload)
                .then(view -> featurizer
                        .features(List.of(view))
                        .get(0)
                        .then(features -> Outcome.ok(Optional.ofNullable(heads.answering(domain, features))
                                .map(served -> answer(served, view, features)))));
        if (label instanceof Outcome.Ok<Optional<VersionedLabel>> ok) {
            return ok.value();
        }
        throw new IllegalArgumentException(
                ((Outcome.Rejected<Optional<VersionedLabel>>) label).rejection().message());
    }

    private VersionedLabel answer(Served served, PayloadView view, float[] features) {
        return new VersionedLabel(
                served.version(),
                served.head()
                        .predictions(setup.goal(), new float[][] {features})
                        .get(0)
                        .label(view));
    }

    @Override
    public void close() {
        table.close();
        heads.close();
    }
}
