package io.headwater.adapt;

import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.task.Bootstrap;
import io.headwater.task.Featurizer;
import io.headwater.task.Target;
import io.headwater.task.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Makes samples ready to be learned. Safe for use by several threads. */
public final class Examples {
    private final Task task;
    private final Featurizer featurizer;

    /**
     * For the samples of one adaptation.
     *
     * @param featurizer of {@code task}
     */
    public Examples(Task task, Featurizer featurizer) {
        this.task = task;
        this.featurizer = featurizer;
    }

    /** A payload and its label. */
    public record Pair(Payload payload, Label label) {}

    private record Labelled(Pair pair, Target target, Optional<Payload> next) {}

    /** What to learn of each, or why it cannot be used, in order; what is rejected already stays so. */
    public List<Outcome<Example>> of(List<Outcome<Pair>> pairs) {
        List<Outcome<Labelled>> labelled =
                pairs.stream().map(pair -> pair.then(this::labelled)).toList();
        List<Payload> payloads = new ArrayList<>();
        for (Outcome<Labelled> one : labelled) {
            if (one instanceof Outcome.Ok<Labelled> ok) {
                payloads.add(ok.value().pair().payload());
                ok.value().next().ifPresent(payloads::add);
            }
        }
        Iterator<Outcome<float[]>> features = featurizer.features(payloads).iterator();
        return labelled.stream()
                .map(one -> one.then(ok -> example(ok, features)))
                .toList();
    }

    private Outcome<Labelled> labelled(Pair pair) {
        return task.target(pair.payload(), pair.label())
                .then(target -> Outcome.ok(new Labelled(pair, target, next(pair))));
    }

    private Optional<Payload> next(Pair pair) {
        return task.goal() instanceof Bootstrap bootstrap
                ? bootstrap.next(pair.payload(), pair.label())
                : Optional.empty();
    }

    /** Takes the features of a sample, and of what comes next, off {@code features} even when the former are refused. */
    private static Outcome<Example> example(Labelled labelled, Iterator<Outcome<float[]>> features) {
        Outcome<float[]> own = features.next();
        Outcome<float[]> next = labelled.next().isPresent() ? features.next() : Outcome.ok(new float[0]);
        return own.then(vector -> next.then(after -> Outcome.ok(
                new Example(labelled.pair().payload(), labelled.pair().label(), vector, labelled.target(), after))));
    }
}
