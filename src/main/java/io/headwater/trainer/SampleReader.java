package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.codec.Codec;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topics;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns records of the samples topic into examples: decode, validate, preprocess, backbone. The same record gives the same
 * example whoever reads it, in whatever company: trainer and replay share this. Safe for use by several threads.
 */
public final class SampleReader {
    private final Topics topics;
    private final Codec codec;
    private final Task task;
    private final Featurizer featurizer;

    /** A reader for one adaptation. */
    public SampleReader(Topics topics, Codec codec, Task task, Featurizer featurizer) {
        this.topics = topics;
        this.codec = codec;
        this.task = task;
        this.featurizer = featurizer;
    }

    /** Prepares {@code records}, in order. */
    List<Prepared> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Outcome<Sample>> samples = records.stream().map(this::decode).toList();
        List<Payload> payloads = new ArrayList<>();
        for (Outcome<Sample> sample : samples) {
            if (sample instanceof Outcome.Ok<Sample> ok) {
                payloads.add(ok.value().payload());
            }
        }
        Iterator<Outcome<float[]>> features = featurizer.features(payloads).iterator();
        List<Prepared> prepared = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            prepared.add(new Prepared(record, RecordKeys.text(record.key()), example(samples.get(i), features)));
        }
        return prepared;
    }

    private Outcome<Sample> decode(ConsumerRecord<byte[], byte[]> record) {
        return RecordKeys.check(record, topics)
                .then(domain -> codec.sample(record.value()))
                .then(sample -> task.target(sample.payload(), sample.label()).then(target -> Outcome.ok(sample)));
    }

    private Outcome<Example> example(Outcome<Sample> decoded, Iterator<Outcome<float[]>> features) {
        return decoded.then(sample -> features.next()
                .then(vector -> task.target(sample.payload(), sample.label())
                        .then(target -> Outcome.ok(new Example(sample.payload(), sample.label(), vector, target)))));
    }
}
