package io.headwater.subscriber;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.ServingTable;
import io.headwater.serving.Answering;
import io.headwater.serving.Answering.Asked;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServedHeads.Served;
import io.headwater.serving.ServingSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Predicts inside an application, with the version that serves a domain. It follows the topic {@code serving}; when another version
 * serves, it loads and verifies it from the artifact store, and all predictions that begin later are by this version. The application
 * needs no Quarkus, and asks nobody over the network for a prediction.
 *
 * <p>Safe for use by several threads; their predictions are computed one after another. While the brokers do not answer, it goes on
 * with the version that it knows.
 */
public final class ModelSubscriber implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ModelSubscriber.class);
    private static final int BATCH = 64;

    private final ServingSetup setup;
    private final String domain;
    private final Consumer<VersionRef> listener;
    private final Runnable release;
    private final ServedHeads heads;
    private final Answering answering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ServingTable table;
    private @Nullable VersionRef version;
    private boolean isClosed;

    /** Applies what was read from the topic, on the thread that reads it. */
    private final class Following implements ServingTable.Listener {
        @Override
        public void announced(Lane lane, @Nullable Serving serving) {
            heads.announced(lane, serving);
        }

        @Override
        public void settled() {
            heads.settled();
            swap().ifPresent(ModelSubscriber.this::tell);
        }
    }

    /**
     * Follows the topic from now on.
     *
     * @param release gives back what {@code setup} has taken, when nothing uses it any more
     */
    ModelSubscriber(
            ServingSetup setup, Clients clients, String domain, Consumer<VersionRef> listener, Runnable release) {
        this.setup = setup;
        this.domain = domain;
        this.listener = listener;
        this.release = release;
        this.heads = new ServedHeads(setup);
        this.answering = new Answering(setup);
        this.table = new ServingTable(clients, new LaneEvents(setup.codec()), new Following());
    }

    /** Returns a builder. */
    public static SubscriberBuilder builder() {
        return new SubscriberBuilder();
    }

    /**
     * Returns the prediction for an input.
     *
     * @throws IllegalArgumentException when the adaptation cannot use the input; the message says why
     * @throws IllegalStateException when no version serves the domain yet, or when the subscriber is closed
     * @throws ArtifactException when the version that serves cannot be loaded at present
     */
    public Prediction predict(Payload input) {
        Outcome<Prediction> outcome = predictAll(List.of(input)).get(0);
        if (outcome instanceof Outcome.Rejected<Prediction> rejected) {
            Rejection why = rejected.rejection();
            throw why.reason() == Reason.NO_VERSION
                    ? new IllegalStateException(why.message())
                    : new IllegalArgumentException(why.reason() + ": " + why.message());
        }
        return ((Outcome.Ok<Prediction>) outcome).value();
    }

    /**
     * Returns for each input its prediction, or why it has none. All are by the same version, unless the adaptation lets the nearest
     * lane answer for a new domain. Up to {@value #BATCH} inputs are computed together.
     *
     * @throws IllegalStateException when the subscriber is closed
     * @throws ArtifactException when the version that serves cannot be loaded at present
     */
    public List<Outcome<Prediction>> predictAll(List<? extends Payload> inputs) {
        lock.lock();
        try {
            requireAlive();
            List<Outcome<Prediction>> predictions = new ArrayList<>();
            for (int from = 0; from < inputs.size(); from += BATCH) {
                predictions.addAll(batch(inputs.subList(from, Math.min(inputs.size(), from + BATCH))));
            }
            return predictions;
        } finally {
            lock.unlock();
        }
    }

    private List<Outcome<Prediction>> batch(List<? extends Payload> inputs) {
        String adaptation = setup.config().name();
        boolean isServed = heads.isServed(domain);
        List<Outcome<Asked>> asked = new ArrayList<>();
        for (Payload input : inputs) {
            Request request = new Request(
                    UUID.randomUUID().toString(), input, setup.clock().instant(), adaptation);
            asked.add(answering.ask(domain, request, isServed, features -> heads.answering(domain, features)));
        }
        return answering.answers(asked).stream()
                .map(one -> one.then(answered -> Outcome.ok(answered.prediction())))
                .toList();
    }

    private void requireAlive() {
        if (isClosed) {
            throw new IllegalStateException("the subscriber is closed; build another one");
        }
        table.requireAlive();
        if (heads.mustWait(domain)) {
            throw new ArtifactException(
                    "no prediction for domain '%s' without %s".formatted(domain, String.join("; ", heads.waiting())));
        }
    }

    /** Returns the version that answers now; empty when none does, or when the nearest lane answers. */
    public Optional<VersionRef> version() {
        lock.lock();
        try {
            return Optional.ofNullable(version);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a version serves the domain.
     *
     * @param patience maximum time to wait
     * @return whether one does
     */
    public boolean awaitVersion(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (version == null && !isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return version != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything that was on the topic at the start is known.
     *
     * @throws org.apache.kafka.common.KafkaException when that takes longer than a minute
     */
    void awaitCaughtUp() throws InterruptedException {
        table.awaitCaughtUp();
    }

    /** Takes the heads that were loaded; returns the version that answers if it is another one than before. */
    private Optional<VersionRef> swap() {
        lock.lock();
        try {
            heads.swap();
            Served served = heads.forDomain(domain);
            VersionRef now = served == null ? null : served.version();
            boolean isNew = !Objects.equals(now, version);
            version = now;
            changed.signalAll();
            return isNew ? Optional.ofNullable(now) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void tell(VersionRef now) {
        try {
            listener.accept(now);
        } catch (RuntimeException e) {
            LOG.errorf(e, "subscriber-listener-failed version=%s", now);
        }
    }

    /** Ends. A prediction that is being computed is finished before. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        table.close();
        heads.close();
        release.run();
    }
}
