package io.headwater.adapt;

import io.headwater.adapt.Example.Origin;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.task.Answer;
import io.headwater.task.Bootstrap;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.SharedNames;
import io.headwater.task.Target;
import io.headwater.task.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Converts samples to examples for training or for scoring. Safe for use by several threads. */
public final class Examples {
    private final Task task;
    private final Featurizer featurizer;
    private final BiFunction<PayloadView, Label, Outcome<Target>> targets;

    /**
     * Creates a converter for the samples of one adaptation from which its lanes can learn.
     *
     * @param featurizer featurizer of {@code task}
     */
    public Examples(Task task, Featurizer featurizer) {
        this(task, featurizer, task.goal()::target);
    }

    private Examples(Task task, Featurizer featurizer, BiFunction<PayloadView, Label, Outcome<Target>> targets) {
        this.task = task;
        this.featurizer = featurizer;
        this.targets = targets;
    }

    /**
     * Creates a converter for samples by which predictions are scored: also those whose label cannot be predicted, such as a
     * class outside of the configured list. Their examples must not be learned.
     *
     * @param featurizer featurizer of {@code task}
     */
    public static Examples forScoring(Task task, Featurizer featurizer) {
        return new Examples(task, featurizer, task.goal()::truth);
    }

    /**
     * A payload and its label.
     *
     * @param source the request that it comes from; null when it was sent with its label
     */
    public record Pair(
            Payload payload, Label label, @Nullable Source source) {
        /** Creates a pair that was sent with its label. */
        public Pair(Payload payload, Label label) {
            this(payload, label, null);
        }
    }

    /**
     * The request that a sample comes from.
     *
     * @param id id of the request
     * @param offset offset of the sample on the samples topic
     * @param corrects the label that was sent for the request before; null when there was none
     */
    public record Source(String id, long offset, @Nullable Label corrects) {}

    private record Labelled(
            PayloadView view,
            Label label,
            Target target,
            Optional<PayloadView> next,
            @Nullable Origin origin) {}

    /**
     * Returns, in order, the example of each pair or the reason why it cannot be used. Elements that are already
     * rejected stay rejected.
     */
    public List<Outcome<Example>> of(List<Outcome<Pair>> pairs) {
        List<Outcome<Labelled>> labelled =
                pairs.stream().map(pair -> pair.then(this::labelled)).toList();
        List<PayloadView> views = new ArrayList<>();
        for (Outcome<Labelled> one : labelled) {
            if (one instanceof Outcome.Ok<Labelled> ok) {
                views.add(ok.value().view());
                ok.value().next().ifPresent(views::add);
            }
        }
        Iterator<Outcome<float[]>> features = featurizer.features(views).iterator();
        return labelled.stream()
                .map(one -> one.then(ok -> example(ok, features)))
                .toList();
    }

    /**
     * The predictions for examples, in order, with scores, errors and probabilities.
     *
     * @param answers of one head, one for each example
     * @param expected complete targets, one for each example
     */
    public static List<ScoredPrediction> scored(List<Example> examples, List<Answer> answers, List<Target> expected) {
        SharedNames names = new SharedNames();
        return IntStream.range(0, examples.size())
                .mapToObj(i -> examples.get(i)
                        .scored(answers.get(i), expected.get(i))
                        .withProbabilities(names.copy(answers.get(i).probabilities())))
                .toList();
    }

    private Outcome<Labelled> labelled(Pair pair) {
        return featurizer
                .view(pair.payload())
                .then(view -> targets.apply(view, pair.label())
                        .then(target -> next(pair)
                                .then(next -> Outcome.ok(
                                        new Labelled(view, pair.label(), target, next, origin(view, pair.source()))))));
    }

    /** A label that cannot be learned was not, so that nothing is to be corrected. */
    private @Nullable Origin origin(PayloadView view, @Nullable Source source) {
        if (source == null) {
            return null;
        }
        Label before = source.corrects();
        Target corrects =
                before != null && targets.apply(view, before) instanceof Outcome.Ok<Target> ok ? ok.value() : null;
        return new Origin(source.id(), source.offset(), corrects);
    }

    private Outcome<Optional<PayloadView>> next(Pair pair) {
        Optional<Payload> next = task.goal() instanceof Bootstrap bootstrap
                ? bootstrap.next(pair.payload(), pair.label())
                : Optional.empty();
        return next.isEmpty()
                ? Outcome.ok(Optional.empty())
                : featurizer.view(next.get()).then(view -> Outcome.ok(Optional.of(view)));
    }

    /**
     * Takes the features of a sample and of its next observation from {@code features}; takes both even when the
     * features of the sample are rejected.
     */
    private static Outcome<Example> example(Labelled labelled, Iterator<Outcome<float[]>> features) {
        Outcome<float[]> own = features.next();
        Outcome<float[]> next = labelled.next().isPresent() ? features.next() : Outcome.ok(new float[0]);
        return own.then(vector -> next.then(after -> Outcome.ok(
                new Example(labelled.view(), labelled.label(), vector, labelled.target(), after, labelled.origin()))));
    }
}
