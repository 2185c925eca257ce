package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Outcome;
import io.headwater.domain.Provenance;
import io.headwater.domain.Sample;
import io.headwater.intake.AheadFeatures;
import io.headwater.intake.RecordPreparation;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topics;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Converts records of the samples topic into training examples: decoding, validation, preprocessing and backbone. A
 * record always gives the same example, regardless of the other records in a batch; trainer and replay share this
 * class. Safe for use by several threads.
 */
public final class SampleReader implements RecordPreparation<Prepared> {
    private final Topics topics;
    private final Codec codec;
    private final Task task;
    private final Featurizer featurizer;
    private final boolean usesUnlabelled;
    private final AheadFeatures ahead;

    /**
     * Creates a reader for one adaptation.
     *
     * @param usesUnlabelled whether its lanes use samples without a label
     */
    public SampleReader(Topics topics, Codec codec, Task task, Featurizer featurizer, boolean usesUnlabelled) {
        this(topics, codec, task, featurizer, usesUnlabelled, AheadFeatures.NONE);
    }

    private SampleReader(
            Topics topics, Codec codec, Task task, Featurizer featurizer, boolean usesUnlabelled, AheadFeatures ahead) {
        this.topics = topics;
        this.codec = codec;
        this.task = task;
        this.featurizer = featurizer;
        this.usesUnlabelled = usesUnlabelled;
        this.ahead = ahead;
    }

    /** Returns a reader that takes features from {@code other} where it has them. */
    SampleReader with(AheadFeatures other) {
        return new SampleReader(topics, codec, task, featurizer, usesUnlabelled, other);
    }

    @Override
    public List<Prepared> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Outcome<Example>> made;
        try (AheadFeatures.Batch batch = ahead.of(records)) {
            made = new Examples(task, featurizer.with(batch), usesUnlabelled)
                    .of(records.stream()
                            .map(record -> decode(record, topics, codec))
                            .toList());
        }
        List<Prepared> prepared = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            prepared.add(new Prepared(record, RecordKeys.text(record.key()), made.get(i)));
        }
        return prepared;
    }

    @Override
    public Prepared reject(ConsumerRecord<byte[], byte[]> record, Guilty guilty) {
        return new Prepared(record, RecordKeys.text(record.key()), new Outcome.Rejected<>(guilty.rejection()));
    }

    /** Returns what a record of the samples topic says, or why it cannot be used. */
    public static Outcome<Examples.Pair> decode(ConsumerRecord<byte[], byte[]> record, Topics topics, Codec codec) {
        return RecordKeys.check(record, topics)
                .then(domain -> codec.decode(EventType.SAMPLE, record.value()))
                .then(sample -> Outcome.ok(
                        new Examples.Pair(sample.payload(), sample.label(), source(sample, record.offset()))));
    }

    private static Examples.@Nullable Source source(Sample sample, long offset) {
        Provenance provenance = sample.provenance();
        return provenance == null ? null : new Examples.Source(sample.id(), offset, provenance.corrects());
    }
}
