package io.headwater.intake;

import io.headwater.intake.TrialResult.Guilty;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a role does with records before their order matters, such as decoding, preprocessing and computing features. Safe
 * for use by several threads.
 *
 * @param <P> the results
 */
public interface RecordPreparation<P extends PreparedRecord> {
    /** Prepares {@code records}, and returns a result for each of them, in order. */
    List<P> prepare(List<ConsumerRecord<byte[], byte[]>> records);

    /**
     * Rejects a record that must not be prepared, and not even be decoded unless the trial came further than that.
     *
     * @param record the record; without its key and value when it could not be fetched
     */
    P reject(ConsumerRecord<byte[], byte[]> record, Guilty guilty);
}
