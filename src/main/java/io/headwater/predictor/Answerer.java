package io.headwater.predictor;

import io.headwater.adapt.conformal.AbstainRule;
import io.headwater.codec.Codec;
import io.headwater.codec.EventTooLargeException;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Thresholds;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topics;
import io.headwater.predictor.ServedHeads.Served;
import io.headwater.task.Answer;
import io.headwater.task.Featurizer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns a batch of requests into predictions, in order, each by the head that serves its lane. The backbone runs once for
 * all requests, and each head runs once for all of its requests.
 */
final class Answerer {
    private final Topics topics;
    private final Codec codec;
    private final Featurizer featurizer;
    private final Goal goal;
    private final AdaptationConfig config;
    private final ServedHeads heads;
    private final InstantSource clock;
    private final @Nullable AbstainRule abstaining;

    /** A request that can be answered. */
    private record Asked(String domain, Request request, PayloadView view, Served by) {}

    /** A request with the features of its payload. */
    private record Ready(Asked asked, float[] features) {}

    Answerer(
            Topics topics,
            Codec codec,
            Featurizer featurizer,
            Goal goal,
            AdaptationConfig config,
            ServedHeads heads,
            InstantSource clock) {
        this.topics = topics;
        this.codec = codec;
        this.featurizer = featurizer;
        this.goal = goal;
        this.config = config;
        this.heads = heads;
        this.clock = clock;
        Double cost = config.uncertainty().abstainCost();
        this.abstaining = cost == null ? null : new AbstainRule(cost);
    }

    /** Returns whether {@code record} is a request that must wait, because the version that serves its lane cannot be loaded. */
    boolean mustWait(ConsumerRecord<byte[], byte[]> record) {
        return RecordKeys.check(record, topics) instanceof Outcome.Ok<String> domain
                && heads.mustWait(domain.value())
                && isOurs(codec.decode(EventType.REQUEST, record.value()));
    }

    /** Returns the outcome of each request, in order; empty for one that another adaptation answers. */
    List<Optional<Outcome<Prediction>>> answer(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Optional<Outcome<Asked>>> read = records.stream().map(this::read).toList();
        Iterator<Outcome<Prediction>> answers =
                answerOurs(read.stream().flatMap(Optional::stream).toList()).iterator();
        return read.stream().map(one -> one.map(asked -> answers.next())).toList();
    }

    private List<Outcome<Prediction>> answerOurs(List<Outcome<Asked>> asked) {
        List<PayloadView> views = new ArrayList<>();
        for (Outcome<Asked> one : asked) {
            if (one instanceof Outcome.Ok<Asked> ok) {
                views.add(ok.value().view());
            }
        }
        Iterator<Outcome<float[]>> features = featurizer.features(views).iterator();
        List<Outcome<Ready>> ready = asked.stream()
                .map(one -> one.then(request -> features.next().then(vector -> Outcome.ok(new Ready(request, vector)))))
                .toList();
        Map<Served, Iterator<Answer>> answers = answers(ready);
        Instant now = clock.instant();
        return ready.stream()
                .map(one -> one.then(request -> {
                    Asked question = request.asked();
                    Answer answer =
                            Objects.requireNonNull(answers.get(question.by())).next();
                    return fitting(prediction(question, answer, now));
                }))
                .toList();
    }

    /** The answers of each head to its own requests, in their order. */
    private Map<Served, Iterator<Answer>> answers(List<Outcome<Ready>> ready) {
        Map<Served, List<float[]>> features = new HashMap<>();
        for (Outcome<Ready> one : ready) {
            if (one instanceof Outcome.Ok<Ready> ok) {
                features.computeIfAbsent(ok.value().asked().by(), by -> new ArrayList<>())
                        .add(ok.value().features());
            }
        }
        Map<Served, Iterator<Answer>> answers = new HashMap<>();
        features.forEach((by, rows) -> answers.put(
                by, by.head().predictions(goal, rows.toArray(float[][]::new)).iterator()));
        return answers;
    }

    /** Reads a request; empty when it is for another adaptation. */
    private Optional<Outcome<Asked>> read(ConsumerRecord<byte[], byte[]> record) {
        Outcome<String> domain = RecordKeys.check(record, topics);
        Outcome<Request> request = domain.then(name -> codec.decode(EventType.REQUEST, record.value()));
        return isOurs(request)
                ? Optional.of(domain.then(name -> request.then(value -> serve(name, value))))
                : Optional.empty();
    }

    /**
     * Returns whether this adaptation answers {@code request}, or makes a dead letter of it: the one that it names, or else the
     * one that has served longest, so that exactly one does.
     */
    private boolean isOurs(Outcome<Request> request) {
        String named = request instanceof Outcome.Ok<Request> ok ? ok.value().adaptation() : "";
        return named.isEmpty() ? heads.isForUnnamed() : named.equals(config.name());
    }

    private Outcome<Asked> serve(String domain, Request request) {
        Served served = heads.forDomain(domain);
        return served == null
                ? Outcome.rejected(
                        Reason.NO_VERSION,
                        "no version of adaptation '%s' serves domain '%s' yet; send labelled samples first"
                                .formatted(config.name(), domain))
                : featurizer.view(request.payload()).then(view -> Outcome.ok(new Asked(domain, request, view, served)));
    }

    private Prediction prediction(Asked asked, Answer answer, Instant now) {
        PredictionRegion region = region(asked, answer);
        return new Prediction(
                asked.request().id(),
                asked.domain(),
                asked.by().version(),
                answer.label(asked.view()),
                answer.probabilities(),
                region,
                abstaining != null && abstaining.abstains(answer.risk(asked.view()), region),
                now);
    }

    /** A prediction that its topic can hold; a text with many words and tags can have a larger one. */
    private Outcome<Prediction> fitting(Prediction prediction) {
        try {
            codec.encode(EventType.PREDICTION, prediction);
            return Outcome.ok(prediction);
        } catch (EventTooLargeException e) {
            return Outcome.rejected(Reason.TOO_LARGE, e.getMessage() + ", or send a shorter text");
        }
    }

    private @Nullable PredictionRegion region(Asked asked, Answer answer) {
        Thresholds thresholds = asked.by().thresholds();
        return thresholds != null && thresholds.values().size() == goal.thresholds()
                ? answer.region(asked.view(), thresholds).orElse(null)
                : null;
    }
}
