package io.headwater.serving;

import io.headwater.adapt.ask.AnsweredRequest;
import io.headwater.adapt.conformal.AbstainRule;
import io.headwater.codec.EventTooLargeException;
import io.headwater.codec.EventType;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Prediction.Adapted;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Thresholds;
import io.headwater.serving.ServedHeads.Served;
import io.headwater.task.Answer;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests into predictions, each by the head that was chosen for it. The backbone runs once for all requests of a batch, and
 * each head runs once for all of its requests. Used on one thread, which is that of the heads.
 */
public final class Answering {
    private final ServingSetup setup;
    private final @Nullable AbstainRule abstaining;

    /** Chooses the head that answers a request. */
    @FunctionalInterface
    public interface HeadChoice {
        /**
         * Returns the head; null when none serves.
         *
         * @param features features of the request
         */
        @Nullable
        Served of(float[] features);
    }

    /**
     * A request that can be answered.
     *
     * @param by the head that answers
     */
    public record Asked(String domain, Request request, PayloadView view, HeadChoice by) {}

    /** A request with the features of its payload, and the head that answers it. */
    private record Ready(Asked asked, float[] features, Served by) {}

    /**
     * An answer.
     *
     * @param candidate what decides whether people should label the request; null when nobody is asked
     */
    public record Answered(Prediction prediction, @Nullable Candidate candidate) {}

    /**
     * A request that people may be asked to label.
     *
     * @param answered what is known of it and of its answer
     */
    public record Candidate(Payload payload, AnsweredRequest answered) {}

    /** Creates an instance for the adaptation of {@code setup}. */
    public Answering(ServingSetup setup) {
        this.setup = setup;
        Double cost = setup.config().uncertainty().abstainCost();
        this.abstaining = cost == null ? null : new AbstainRule(cost);
    }

    /**
     * Returns a request that can be answered, or why it cannot.
     *
     * @param isServed whether a head can be chosen
     * @param by chooses the head that answers
     */
    public Outcome<Asked> ask(String domain, Request request, boolean isServed, HeadChoice by) {
        return isServed
                ? setup.featurizer()
                        .view(request.payload())
                        .then(view -> Outcome.ok(new Asked(domain, request, view, by)))
                : unserved(domain);
    }

    private <T> Outcome<T> unserved(String domain) {
        return Outcome.rejected(
                Reason.NO_VERSION,
                "no version of adaptation '%s' serves domain '%s' yet; send labelled samples first"
                        .formatted(setup.config().name(), domain));
    }

    private Outcome<Ready> ready(Asked asked, float[] features) {
        Served served = asked.by().of(features);
        return served == null ? unserved(asked.domain()) : Outcome.ok(new Ready(asked, features, served));
    }

    /** Returns the answer to each request, in order, or why it has none. */
    public List<Outcome<Answered>> answers(List<Outcome<Asked>> asked) {
        return answers(asked, setup.featurizer());
    }

    /** As {@link #answers(List)}, with the features that {@code from} gives. */
    public List<Outcome<Answered>> answers(List<Outcome<Asked>> asked, Featurizer from) {
        List<PayloadView> views = new ArrayList<>();
        for (Outcome<Asked> one : asked) {
            if (one instanceof Outcome.Ok<Asked> ok) {
                views.add(ok.value().view());
            }
        }
        Iterator<Outcome<float[]>> features = from.features(views).iterator();
        List<Outcome<Ready>> ready = asked.stream()
                .map(one -> one.then(request -> features.next().then(vector -> ready(request, vector))))
                .toList();
        Map<Served, Iterator<Answer>> answers = byHead(ready);
        Instant now = setup.clock().instant();
        return ready.stream()
                .map(one -> one.then(request -> {
                    Answer answer =
                            Objects.requireNonNull(answers.get(request.by())).next();
                    return fitting(prediction(request, answer, now))
                            .then(fits -> Outcome.ok(new Answered(fits, candidate(request, answer, fits))));
                }))
                .toList();
    }

    /** The answers of each head to its own requests, in their order. */
    private Map<Served, Iterator<Answer>> byHead(List<Outcome<Ready>> ready) {
        Map<Served, List<float[]>> features = new HashMap<>();
        for (Outcome<Ready> one : ready) {
            if (one instanceof Outcome.Ok<Ready> ok) {
                features.computeIfAbsent(ok.value().by(), by -> new ArrayList<>())
                        .add(ok.value().features());
            }
        }
        Map<Served, Iterator<Answer>> answers = new HashMap<>();
        features.forEach((by, rows) -> answers.put(
                by,
                by.head()
                        .predictions(setup.goal(), rows.toArray(float[][]::new))
                        .iterator()));
        return answers;
    }

    private Prediction prediction(Ready ready, Answer answer, Instant now) {
        Asked asked = ready.asked();
        PredictionRegion region = region(ready, answer);
        return new Prediction(
                        asked.request().id(),
                        asked.domain(),
                        ready.by().version(),
                        answer.label(asked.view()),
                        answer.probabilities(),
                        region,
                        abstaining != null && abstaining.abstains(answer.risk(asked.view()), region),
                        now)
                .withAdapted(adapted(ready));
    }

    /** Returns how far the version that serves is adapted to the domain of a request. */
    private static Adapted adapted(Ready ready) {
        if (!ready.by().version().lane().domain().equals(ready.asked().domain())) {
            return Adapted.NONE;
        }
        return ready.by().head().isAligned() ? Adapted.ALIGNED : Adapted.LEARNED;
    }

    private @Nullable Candidate candidate(Ready ready, Answer answer, Prediction prediction) {
        Asked asked = ready.asked();
        AsksConfig asks = setup.config().asks();
        if (!asks.isOn()) {
            return null;
        }
        Map<String, Float> probabilities = setup.goal().choosesClass() ? prediction.probabilities() : Map.of();
        return new Candidate(
                asked.request().payload(),
                new AnsweredRequest(
                        probabilities.values(),
                        answer.risk(asked.view()),
                        ready.features(),
                        asks.strategy() == Strategy.DISAGREEMENT
                                ? ready.by().head().disagreement(ready.features(), probabilities)
                                : Double.NaN));
    }

    /** A prediction that its topic can hold; a text with many words and tags can have a larger one. */
    private Outcome<Prediction> fitting(Prediction prediction) {
        try {
            setup.codec().encode(EventType.PREDICTION, prediction);
            return Outcome.ok(prediction);
        } catch (EventTooLargeException e) {
            return Outcome.rejected(Reason.TOO_LARGE, e.getMessage() + ", or send a shorter text");
        }
    }

    private @Nullable PredictionRegion region(Ready ready, Answer answer) {
        Thresholds thresholds = ready.by().thresholds();
        return thresholds != null && thresholds.values().size() == setup.goal().thresholds()
                ? answer.region(ready.asked().view(), thresholds).orElse(null)
                : null;
    }
}
