package io.headwater.trainer;

import io.headwater.domain.DriftSignal;
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
 * The events that one transaction publishes for one partition.
 *
 * @param partition partition of the samples topic
 * @param samplesOffset offset of the next sample to read after it; -1 when no sample was read
 * @param commandsOffset offset of the next command to read after it; -1 when no command was read
 * @param versions new versions
 * @param servings the version that serves each lane from now on
 * @param decisions those servings that let another version serve, or change who decides about it, in order
 * @param states newest checkpoints of lanes, one for each new version
 * @param evaluations evaluations of lanes
 * @param drifts detected changes of the streams of lanes
 * @param deadLetters records that could not be used
 */
public record PartitionCheckpoint(
        int partition,
        long samplesOffset,
        long commandsOffset,
        List<ModelVersion> versions,
        Map<Lane, Serving> servings,
        List<Decision> decisions,
        List<TrainerState> states,
        List<Evaluation> evaluations,
        List<DriftSignal> drifts,
        List<DeadLetter> deadLetters) {

    public PartitionCheckpoint {
        versions = List.copyOf(versions);
        servings = Map.copyOf(servings);
        decisions = List.copyOf(decisions);
        states = List.copyOf(states);
        evaluations = List.copyOf(evaluations);
        drifts = List.copyOf(drifts);
        deadLetters = List.copyOf(deadLetters);
    }

    /** A decision about the version that serves {@code lane}, which may be one of another lane. */
    public record Decision(Lane lane, Serving serving) {}

    /** A record that could not be used, and the reason. */
    public record DeadLetter(ConsumerRecord<byte[], byte[]> record, Rejection rejection) {}
}
