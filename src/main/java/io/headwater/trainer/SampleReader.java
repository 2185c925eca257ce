package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.codec.Codec;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topics;
import io.headwater.task.Featurizer;
import io.headwater.task.Target;
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

    /** A sample with what its label teaches. */
    private record Taught(Sample sample, Target target) {}

    /** Prepares {@code records}, in order. */
    List<Prepared> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Outcome<Taught>> samples = records.stream().map(this::decode).toList();
        List<Payload> payloads = new ArrayList<>();
        for (Outcome<Taught> taught : samples) {
            if (taught instanceof Outcome.Ok<Taught> ok) {
                payloads.add(ok.value().sample().payload());
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

    private Outcome<Taught> decode(ConsumerRecord<byte[], byte[]> record) {
        return RecordKeys.check(record, topics)
                .then(domain -> codec.sample(record.value()))
                .then(sample -> task.target(sample.payload(), sample.label())
                        .then(target -> Outcome.ok(new Taught(sample, target))));
    }

    private static Outcome<Example> example(Outcome<Taught> decoded, Iterator<Outcome<float[]>> features) {
        return decoded.then(taught -> features.next()
                .then(vector -> Outcome.ok(
                        new Example(taught.sample().payload(), taught.sample().label(), vector, taught.target()))));
    }
}
