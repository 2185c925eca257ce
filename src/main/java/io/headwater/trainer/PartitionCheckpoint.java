package io.headwater.trainer;

import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Rejection;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one transaction publishes of one partition.
 *
 * @param partition of the samples topic
 * @param samplesOffset the next sample to read after it; -1 when no sample was read
 * @param commandsOffset the next command to read after it; -1 when no command was read
 * @param versions new versions
 * @param servings which version serves from now on, by lane
 * @param states newest checkpoints, one for each new version
 * @param evaluations what was measured
 * @param deadLetters records that could not be used
 */
public record PartitionCheckpoint(
        int partition,
        long samplesOffset,
        long commandsOffset,
        List<ModelVersion> versions,
        Map<Lane, Serving> servings,
        List<TrainerState> states,
        List<Evaluation> evaluations,
        List<DeadLetter> deadLetters) {

    public PartitionCheckpoint {
        versions = List.copyOf(versions);
        servings = Map.copyOf(servings);
        states = List.copyOf(states);
        evaluations = List.copyOf(evaluations);
        deadLetters = List.copyOf(deadLetters);
    }

    /** A record that could not be used, and why. */
    public record DeadLetter(ConsumerRecord<byte[], byte[]> record, Rejection rejection) {}
}
