package io.headwater.predictor;

import io.headwater.adapt.PublishedHead;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.ServingTable;
import io.headwater.predictor.ServedHeads.Served;
import io.headwater.task.Goal;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * Answers in the caller's own thread by the heads that serve, for callers that want the next answer at once: no request
 * goes over a topic. What serves changes only in {@link #swap}. Not safe for use by several threads.
 */
public final class LocalPredictor implements AutoCloseable {
    private final PredictorSetup setup;
    private final ServedHeads heads;
    private final ServingTable table;

    /** A predictor that follows the serving topic from now on. */
    public LocalPredictor(PredictorSetup setup) {
        this.setup = setup;
        this.heads = new ServedHeads(setup);
        this.table = new ServingTable(setup.clients(), setup.codec(), heads::announce);
    }

    /**
     * An answer.
     *
     * @param version that gave it
     * @param label of the kind that the task's labels have
     */
    public record Answer(VersionRef version, Label label) {}

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
     * Answers by what serves now from now on.
     *
     * @throws IllegalStateException when the serving topic is no longer followed
     */
    public void swap() {
        table.requireAlive();
        heads.swap();
    }

    /** The version that answers for {@code domain}; empty when none does yet. */
    public Optional<VersionRef> serving(String domain) {
        return Optional.ofNullable(heads.forDomain(domain)).map(Served::version);
    }

    /**
     * What the version that serves {@code domain} says of {@code payload}; empty when none does yet.
     *
     * @throws IllegalArgumentException when the payload is none of the adaptation's
     */
    public Optional<Answer> answer(String domain, Payload payload) {
        Served served = heads.forDomain(domain);
        if (served == null) {
            return Optional.empty();
        }
        Outcome<float[]> features =
                setup.featurizer().features(List.of(payload)).get(0);
        if (features instanceof Outcome.Ok<float[]> ok) {
            PublishedHead head = served.head();
            Goal goal = setup.goal();
            Label label = goal.answer(payload, goal.decode(head.names(), head.logits(new float[][] {ok.value()})[0]));
            return Optional.of(new Answer(served.version(), label));
        }
        throw new IllegalArgumentException(
                ((Outcome.Rejected<float[]>) features).rejection().message());
    }

    @Override
    public void close() {
        table.close();
        heads.close();
    }
}
