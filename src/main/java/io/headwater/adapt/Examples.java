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
    private final boolean usesUnlabelled;

    /**
     * Creates a converter for the samples of one adaptation from which its lanes can learn.
     *
     * @param featurizer featurizer of {@code task}
     */
    public Examples(Task task, Featurizer featurizer) {
        this(task, featurizer, false);
    }

    /**
     * Creates a converter for the samples of one adaptation from which its lanes can learn.
     *
     * @param featurizer featurizer of {@code task}
     * @param usesUnlabelled whether features of samples without a label are computed, too
     */
    public Examples(Task task, Featurizer featurizer, boolean usesUnlabelled) {
        this(task, featurizer, task.goal()::target, usesUnlabelled);
    }

    private Examples(
            Task task,
            Featurizer featurizer,
            BiFunction<PayloadView, Label, Outcome<Target>> targets,
            boolean usesUnlabelled) {
        this.task = task;
        this.featurizer = featurizer;
        this.targets = targets;
        this.usesUnlabelled = usesUnlabelled;
    }

    /**
     * Creates a converter for samples by which predictions are scored: also those whose label cannot be predicted, such as a
     * class outside of the configured list. Their examples must not be learned.
     *
     * @param featurizer featurizer of {@code task}
     */
    public static Examples forScoring(Task task, Featurizer featurizer) {
        return new Examples(task, featurizer, task.goal()::truth, false);
    }

    /**
     * A payload and its label.
     *
     * @param label null when it is not known
     * @param source the request that it comes from; null when it was sent with its label
     */
    public record Pair(
            Payload payload,
            @Nullable Label label,
            @Nullable Source source) {
        /** Creates a pair that was sent with its label. */
        public Pair(Payload payload, @Nullable Label label) {
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

    private sealed interface Viewed {}

    private record Labelled(
            PayloadView view,
            Label label,
            Target target,
            Optional<PayloadView> next,
            @Nullable Origin origin) implements Viewed {}

    /** A sample without a label. */
    private record Unlabelled(PayloadView view) implements Viewed {}

    /**
     * Returns, in order, the example of each pair or the reason why it cannot be used. Elements that are already
     * rejected stay rejected.
     */
    public List<Outcome<Example>> of(List<Outcome<Pair>> pairs) {
        List<Outcome<Viewed>> viewed =
                pairs.stream().map(pair -> pair.then(this::viewed)).toList();
        List<PayloadView> views = new ArrayList<>();
        for (Outcome<Viewed> one : viewed) {
            if (one instanceof Outcome.Ok<Viewed> ok) {
                views.addAll(needed(ok.value()));
            }
        }
        Iterator<Outcome<float[]>> features = featurizer.features(views).iterator();
        return viewed.stream().map(one -> one.then(ok -> example(ok, features))).toList();
    }

    /** Returns the views whose features the example of {@code pair} needs; none if it needs none or cannot be used. */
    public List<PayloadView> needed(Pair pair) {
        return viewed(pair) instanceof Outcome.Ok<Viewed> ok ? needed(ok.value()) : List.of();
    }

    private List<PayloadView> needed(Viewed viewed) {
        if (viewed instanceof Labelled labelled) {
            return labelled.next()
                    .map(next -> List.of(labelled.view(), next))
                    .orElseGet(() -> List.of(labelled.view()));
        }
        return usesUnlabelled ? List.of(((Unlabelled) viewed).view()) : List.of();
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

    private Outcome<Viewed> viewed(Pair pair) {
        Label label = pair.label();
        Outcome<PayloadView> view = featurizer.view(pair.payload());
        return label == null
                ? view.then(payload -> Outcome.ok(new Unlabelled(payload)))
                : view.then(payload -> labelled(payload, pair, label));
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

    private Outcome<Viewed> labelled(PayloadView view, Pair pair, Label label) {
        return targets.apply(view, label)
                .then(target -> next(pair.payload(), label)
                        .then(next ->
                                Outcome.ok(new Labelled(view, label, target, next, origin(view, pair.source())))));
    }

    private Outcome<Optional<PayloadView>> next(Payload payload, Label label) {
        Optional<Payload> next =
                task.goal() instanceof Bootstrap bootstrap ? bootstrap.next(payload, label) : Optional.empty();
        return next.isEmpty()
                ? Outcome.ok(Optional.empty())
                : featurizer.view(next.get()).then(view -> Outcome.ok(Optional.of(view)));
    }

    /**
     * Takes the features of a sample and of its next observation from {@code features}; takes both even when the
     * features of the sample are rejected.
     */
    private Outcome<Example> example(Viewed viewed, Iterator<Outcome<float[]>> features) {
        if (!(viewed instanceof Labelled labelled)) {
            PayloadView view = ((Unlabelled) viewed).view();
            Outcome<float[]> known = usesUnlabelled ? features.next() : Outcome.ok(new float[0]);
            return known.then(vector -> Outcome.ok(Example.unlabelled(view, vector)));
        }
        Outcome<float[]> own = features.next();
        Outcome<float[]> next = labelled.next().isPresent() ? features.next() : Outcome.ok(new float[0]);
        return own.then(vector -> next.then(after -> Outcome.ok(
                new Example(labelled.view(), labelled.label(), vector, labelled.target(), after, labelled.origin()))));
    }
}
