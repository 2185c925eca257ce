package io.headwater.trainer;

import io.headwater.intake.PreparedRecord;
import io.headwater.intake.RecordPreparation;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Prepares the records of the topics that a trainer reads. Commands need no preparation unless they are read carefully. */
final class TrainerRecords implements RecordPreparation<PreparedRecord> {
    private final SampleReader samples;
    private final String samplesTopic;

    TrainerRecords(SampleReader samples, Topics topics) {
        this.samples = samples;
        this.samplesTopic = topics.name(Topic.SAMPLES);
    }

    /** Prepares {@code records}, which are of one topic. */
    @Override
    public List<PreparedRecord> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
        return isSample(records.get(0))
                ? List.copyOf(samples.prepare(records))
                : records.stream()
                        .<PreparedRecord>map(record -> new PreparedCommand(record, null))
                        .toList();
    }

    @Override
    public PreparedRecord reject(ConsumerRecord<byte[], byte[]> record, Guilty guilty) {
        return isSample(record) ? samples.reject(record, guilty) : new PreparedCommand(record, guilty.rejection());
    }

    private boolean isSample(ConsumerRecord<byte[], byte[]> record) {
        return record.topic().equals(samplesTopic);
    }
}
