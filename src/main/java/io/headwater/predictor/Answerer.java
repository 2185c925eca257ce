package io.headwater.predictor;

import io.headwater.adapt.conformal.AbstainRule;
import io.headwater.codec.Codec;
import io.headwater.codec.EventTooLargeException;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Prediction.Adapted;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Thresholds;
import io.headwater.intake.AheadFeatures;
import io.headwater.intake.RecordPreparation;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.intake.TrialResult.Stage;
import io.headwater.kafka.Topics;
import io.headwater.predictor.Reply.Candidate;
import io.headwater.predictor.Reply.LeftToAnother;
import io.headwater.predictor.Reply.Postponed;
import io.headwater.predictor.Reply.Predicted;
import io.headwater.predictor.Reply.Refused;
import io.headwater.predictor.RequestReader.Read;
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
final class Answerer implements RecordPreparation<Reply> {
    private final Codec codec;
    private final RequestReader reader;
    private final Featurizer featurizer;
    private final Goal goal;
    private final AdaptationConfig config;
    private final ServedHeads heads;
    private final AheadFeatures ahead;
    private final InstantSource clock;
    private final @Nullable AbstainRule abstaining;

    /** A request that can be answered. */
    private record Asked(String domain, Request request, PayloadView view) {}

    /** A request with the features of its payload, and the head that answers it. */
    private record Ready(Asked asked, float[] features, Served by) {}

    /** An answer, and what decides whether people should label its request; null when nobody is asked. */
    private record Answered(Prediction prediction, @Nullable Candidate candidate) {}

    Answerer(
            Topics topics,
            Codec codec,
            Featurizer featurizer,
            Goal goal,
            AdaptationConfig config,
            ServedHeads heads,
            AheadFeatures ahead,
            InstantSource clock) {
        this.codec = codec;
        this.reader = new RequestReader(topics, codec, featurizer, config.name());
        this.featurizer = featurizer;
        this.goal = goal;
        this.config = config;
        this.heads = heads;
        this.ahead = ahead;
        this.clock = clock;
        Double cost = config.uncertainty().abstainCost();
        this.abstaining = cost == null ? null : new AbstainRule(cost);
    }

    /** Returns whether a request must go on waiting. */
    boolean mustWait(Postponed request) {
        return heads.mustWait(request.domain()) && (request.isNamed() || heads.isForUnnamed());
    }

    /** Returns the reply to each request, in order. */
    @Override
    public List<Reply> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Optional<Reply>> unanswered = new ArrayList<>();
        List<Outcome<Asked>> asked = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Outcome<Read> read = reader.read(record);
            Optional<Reply> without = withoutAnswer(record, read);
            unanswered.add(without);
            if (without.isEmpty()) {
                asked.add(read.then(this::serve));
            }
        }
        Iterator<Outcome<Answered>> answers;
        try (AheadFeatures.Batch batch = ahead.of(records)) {
            answers = answerOurs(asked, featurizer.with(batch)).iterator();
        }
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            replies.add(unanswered.get(i).orElseGet(() -> reply(record, answers.next())));
        }
        return replies;
    }

    /** Returns the reply to a request that this adaptation does not answer, or not now. */
    private Optional<Reply> withoutAnswer(ConsumerRecord<byte[], byte[]> record, Outcome<Read> read) {
        String named =
                read instanceof Outcome.Ok<Read> ok ? ok.value().request().adaptation() : "";
        if (!isOurs(named)) {
            return Optional.of(new LeftToAnother(record));
        }
        return read instanceof Outcome.Ok<Read> ok && heads.mustWait(ok.value().domain())
                ? Optional.of(new Postponed(record, ok.value().domain(), !named.isEmpty()))
                : Optional.empty();
    }

    private static Reply reply(ConsumerRecord<byte[], byte[]> record, Outcome<Answered> outcome) {
        if (outcome instanceof Outcome.Rejected<Answered> rejected) {
            return new Refused(record, rejected.rejection());
        }
        Answered answered = ((Outcome.Ok<Answered>) outcome).value();
        return new Predicted(record, answered.prediction(), answered.candidate());
    }

    /** Refuses a request that must not be prepared, unless another adaptation answers it or makes a dead letter of it. */
    @Override
    public Reply reject(ConsumerRecord<byte[], byte[]> record, Guilty guilty) {
        String named = guilty.stage() == Stage.PREPARING && reader.read(record) instanceof Outcome.Ok<Read> ok
                ? ok.value().request().adaptation()
                : "";
        return isOurs(named) ? new Refused(record, guilty.rejection()) : new LeftToAnother(record);
    }

    private List<Outcome<Answered>> answerOurs(List<Outcome<Asked>> asked, Featurizer from) {
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
        Map<Served, Iterator<Answer>> answers = answers(ready);
        Instant now = clock.instant();
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
    private Map<Served, Iterator<Answer>> answers(List<Outcome<Ready>> ready) {
        Map<Served, List<float[]>> features = new HashMap<>();
        for (Outcome<Ready> one : ready) {
            if (one instanceof Outcome.Ok<Ready> ok) {
                features.computeIfAbsent(ok.value().by(), by -> new ArrayList<>())
                        .add(ok.value().features());
            }
        }
        Map<Served, Iterator<Answer>> answers = new HashMap<>();
        features.forEach((by, rows) -> answers.put(
                by, by.head().predictions(goal, rows.toArray(float[][]::new)).iterator()));
        return answers;
    }

    /**
     * Returns whether this adaptation answers a request that names {@code adaptation}, or makes a dead letter of it: the one that
     * it names, or else the one that has served longest, so that exactly one does.
     */
    private boolean isOurs(String adaptation) {
        return adaptation.isEmpty() ? heads.isForUnnamed() : adaptation.equals(config.name());
    }

    private Outcome<Asked> serve(Read read) {
        return heads.isServed(read.domain())
                ? featurizer
                        .view(read.request().payload())
                        .then(view -> Outcome.ok(new Asked(read.domain(), read.request(), view)))
                : unserved(read.domain());
    }

    private Outcome<Ready> ready(Asked asked, float[] features) {
        Served served = heads.answering(asked.domain(), features);
        return served == null ? unserved(asked.domain()) : Outcome.ok(new Ready(asked, features, served));
    }

    private <T> Outcome<T> unserved(String domain) {
        return Outcome.rejected(
                Reason.NO_VERSION,
                "no version of adaptation '%s' serves domain '%s' yet; send labelled samples first"
                        .formatted(config.name(), domain));
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
        return config.asks().isOn()
                ? new Candidate(
                        asked.request().payload(),
                        goal.choosesClass() ? prediction.probabilities().values() : List.of(),
                        answer.risk(asked.view()),
                        ready.features())
                : null;
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

    private @Nullable PredictionRegion region(Ready ready, Answer answer) {
        Thresholds thresholds = ready.by().thresholds();
        return thresholds != null && thresholds.values().size() == goal.thresholds()
                ? answer.region(ready.asked().view(), thresholds).orElse(null)
                : null;
    }
}
