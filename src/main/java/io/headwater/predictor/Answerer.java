package io.headwater.predictor;

import io.headwater.adapt.PublishedHead;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topics;
import io.headwater.predictor.ServedHeads.Served;
import io.headwater.task.Featurizer;
import io.headwater.task.Goal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns a batch of requests into predictions, in order, each by the head that serves its lane. */
final class Answerer {
    private final Topics topics;
    private final Codec codec;
    private final Featurizer featurizer;
    private final Goal goal;
    private final AdaptationConfig config;
    private final ServedHeads heads;
    private final InstantSource clock;

    /** A request that can be answered. */
    private record Asked(String domain, Request request, Served by) {}

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
    }

    List<Outcome<Prediction>> answer(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Outcome<Asked>> asked = records.stream().map(this::read).toList();
        List<Payload> payloads = new ArrayList<>();
        for (Outcome<Asked> one : asked) {
            if (one instanceof Outcome.Ok<Asked> ok) {
                payloads.add(ok.value().request().payload());
            }
        }
        Iterator<Outcome<float[]>> features = featurizer.features(payloads).iterator();
        Instant now = clock.instant();
        return asked.stream()
                .map(one ->
                        one.then(request -> features.next().then(vector -> Outcome.ok(predict(request, vector, now)))))
                .toList();
    }

    private Outcome<Asked> read(ConsumerRecord<byte[], byte[]> record) {
        return RecordKeys.check(record, topics)
                .then(domain ->
                        codec.decode(EventType.REQUEST, record.value()).then(request -> serve(domain, request)));
    }

    private Outcome<Asked> serve(String domain, Request request) {
        Served served = heads.forDomain(domain);
        return served == null
                ? Outcome.rejected(
                        Reason.NO_VERSION,
                        "no version of adaptation '%s' serves domain '%s' yet; send labelled samples first"
                                .formatted(config.name(), domain))
                : Outcome.ok(new Asked(domain, request, served));
    }

    private Prediction predict(Asked asked, float[] features, Instant now) {
        PublishedHead head = asked.by().head();
        float[] logits = head.logits(new float[][] {features})[0];
        Label answer = goal.answer(asked.request().payload(), goal.decode(head.names(), logits));
        return new Prediction(
                asked.request().id(),
                asked.domain(),
                asked.by().version(),
                answer,
                goal.probabilities(head.names(), logits),
                now);
    }
}
