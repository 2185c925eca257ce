package io.headwater.trainer;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.Clients;
import io.headwater.kafka.DeadLetters;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.store.ArtifactBatch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Publishes checkpoints: all events and the consumed offsets in one transaction, which is fenced by the generation of
 * the consumer group (KIP-447). The trainer writes events nowhere else.
 */
final class CheckpointPublisher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CheckpointPublisher.class);
    private static final int COMMIT_ATTEMPTS = 3;

    private final Topics topics;
    private final Codec codec;
    private final String adaptation;
    private final ArtifactBatch artifacts;
    private final TrainerListener listener;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Fences the previous user of {@code transactionalId} and aborts the transaction that it left open. */
    CheckpointPublisher(
            Clients clients,
            Codec codec,
            String adaptation,
            String transactionalId,
            ArtifactBatch artifacts,
            TrainerListener listener) {
        this.adaptation = adaptation;
        this.topics = clients.topics();
        this.codec = codec;
        this.artifacts = artifacts;
        this.listener = listener;
        this.producer = clients.transactionalProducer(transactionalId);
    }

    /**
     * Stores the artifacts to which {@code checkpoints} refer, and then commits these.
     *
     * @throws org.apache.kafka.common.KafkaException when it is not certain that they are committed: the caller must
     *     continue from the committed state
     * @throws java.io.UncheckedIOException when artifacts cannot be stored
     */
    void publish(List<PartitionCheckpoint> checkpoints, ConsumerGroupMetadata group) {
        artifacts.flush();
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (PartitionCheckpoint checkpoint : checkpoints) {
            send(checkpoint);
            addOffset(offsets, Topic.SAMPLES, checkpoint.partition(), checkpoint.samplesOffset());
            addOffset(offsets, Topic.COMMANDS, checkpoint.partition(), checkpoint.commandsOffset());
        }
        // Flushes before sending the offsets, so that a trainer that restores a lane after seeing stable offsets sees
        // these records too.
        producer.flush();
        listener.sent();
        producer.sendOffsetsToTransaction(offsets, group);
        listener.offsetsSent();
        listener.committing();
        commit();
        checkpoints.forEach(CheckpointPublisher::log);
        checkpoints.forEach(listener::committed);
    }

    /** Logs what happened in lanes and is committed. */
    private static void log(PartitionCheckpoint checkpoint) {
        for (DriftSignal drift : checkpoint.drifts()) {
            LOG.infof(
                    "drift-signal lane=%s detector=%s level=%s signal=%s statistic=%.2f threshold=%.2f",
                    drift.lane(),
                    drift.detector(),
                    drift.level(),
                    drift.signal(),
                    drift.statistic(),
                    drift.threshold());
        }
        for (Evaluation evaluation : checkpoint.evaluations()) {
            switch (evaluation.kind()) {
                case ROLLED_BACK ->
                    LOG.warnf("lane-rolled-back lane=%s reason=\"%s\"", evaluation.lane(), evaluation.verdict());
                case STALLED ->
                    LOG.warnf("lane-stalled lane=%s reason=\"%s\"", evaluation.lane(), evaluation.verdict());
                case VETOED ->
                    LOG.warnf("contender-vetoed lane=%s reason=\"%s\"", evaluation.lane(), evaluation.verdict());
                case LOST -> LOG.errorf("lane-lost lane=%s reason=\"%s\"", evaluation.lane(), evaluation.verdict());
                case PREQUENTIAL, PROMOTED, REJECTED -> {}
            }
        }
    }

    private void addOffset(Map<TopicPartition, OffsetAndMetadata> offsets, Topic topic, int partition, long offset) {
        if (offset >= 0) {
            offsets.put(topics.partition(topic, partition), new OffsetAndMetadata(offset));
        }
    }

    /**
     * Commits the transaction. After a timeout, the same producer may retry the commit, because it is still the same
     * transaction.
     */
    private void commit() {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void send(PartitionCheckpoint checkpoint) {
        int partition = checkpoint.partition();
        for (ModelVersion version : checkpoint.versions()) {
            send(
                    Topic.MODEL_VERSIONS,
                    EventType.MODEL_VERSION,
                    partition,
                    version.ref().lane(),
                    version);
        }
        checkpoint
                .servings()
                .forEach((lane, serving) -> send(Topic.SERVING, EventType.SERVING, partition, lane, serving));
        // The serving topic is compacted, so that it forgets who served before.
        checkpoint
                .decisions()
                .forEach(decision ->
                        send(Topic.EVALUATIONS, EventType.SERVING, partition, decision.lane(), decision.serving()));
        for (TrainerState state : checkpoint.states()) {
            send(
                    Topic.TRAINER_STATE,
                    EventType.TRAINER_STATE,
                    partition,
                    state.version().lane(),
                    state);
        }
        for (Evaluation evaluation : checkpoint.evaluations()) {
            send(Topic.EVALUATIONS, EventType.EVALUATION, partition, evaluation.lane(), evaluation);
        }
        for (DriftSignal drift : checkpoint.drifts()) {
            send(Topic.EVALUATIONS, EventType.DRIFT_SIGNAL, partition, drift.lane(), drift);
        }
        checkpoint
                .deadLetters()
                .forEach(letter ->
                        producer.send(DeadLetters.of(letter.record(), letter.rejection(), adaptation, topics)));
    }

    private <T> void send(Topic topic, EventType<T> type, int partition, Lane lane, T event) {
        byte[] key = lane.key().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topics.name(topic), partition, key, codec.encode(type, event)));
    }

    @Override
    public void close() {
        Clients.close(producer);
    }
}
