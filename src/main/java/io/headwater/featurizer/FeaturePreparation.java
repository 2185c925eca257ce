package io.headwater.featurizer;

import io.headwater.adapt.Examples;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.FeaturizedRecord.PayloadFeatures;
import io.headwater.domain.Outcome;
import io.headwater.domain.Request;
import io.headwater.intake.RecordPreparation;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadDigest;
import io.headwater.task.PayloadView;
import io.headwater.trainer.SampleReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Computes the features of samples and requests that trainer and predictor will need. What they cannot use has no features: they
 * make dead letters, each with its reason. Safe for use by several threads.
 */
final class FeaturePreparation implements RecordPreparation<Featurized> {
    private final FeaturizerSetup setup;
    private final Topics topics;
    private final Codec codec;
    private final Featurizer featurizer;
    private final Examples examples;

    FeaturePreparation(FeaturizerSetup setup) {
        this.setup = setup;
        this.topics = setup.clients().topics();
        this.codec = setup.codec();
        this.featurizer = setup.featurizer();
        this.examples = new Examples(setup.task(), featurizer, setup.usesUnlabelled());
    }

    @Override
    public List<Featurized> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
        List<List<PayloadView>> needed = records.stream().map(this::needed).toList();
        Iterator<Outcome<float[]>> computed = featurizer
                .features(needed.stream().flatMap(List::stream).toList())
                .iterator();
        List<Featurized> featurized = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            List<PayloadFeatures> features = new ArrayList<>();
            for (PayloadView view : needed.get(i)) {
                if (computed.next() instanceof Outcome.Ok<float[]> ok) {
                    features.add(new PayloadFeatures(PayloadDigest.of(view.payload()), ok.value()));
                }
            }
            featurized.add(new Featurized(records.get(i), List.copyOf(features)));
        }
        return featurized;
    }

    @Override
    public Featurized reject(ConsumerRecord<byte[], byte[]> record, Guilty guilty) {
        return new Featurized(record, List.of());
    }

    private List<PayloadView> needed(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(topics.name(Topic.SAMPLES))) {
            return SampleReader.decode(record, topics, codec) instanceof Outcome.Ok<Examples.Pair> ok
                    ? examples.needed(ok.value())
                    : List.of();
        }
        Outcome<Request> request =
                RecordKeys.check(record, topics).then(domain -> codec.decode(EventType.REQUEST, record.value()));
        return request instanceof Outcome.Ok<Request> ok
                        && isOurs(ok.value())
                        && featurizer.view(ok.value().payload()) instanceof Outcome.Ok<PayloadView> view
                ? List.of(view.value())
                : List.of();
    }

    private boolean isOurs(Request request) {
        return request.adaptation().isEmpty() || request.adaptation().equals(setup.adaptation());
    }
}
