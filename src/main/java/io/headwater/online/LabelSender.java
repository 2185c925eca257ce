package io.headwater.online;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.LateLabel;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.CallResult.TurnedAway;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends labels of requests to their topic. Sending waits where the brokers do not answer, so it has a thread of its own, on which
 * the producer is also created when the first label comes.
 */
final class LabelSender implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LabelSender.class);
    private static final int CAPACITY = 1000;
    private static final TurnedAway AWAY =
            new TurnedAway(Cause.AWAY, "the label could not be sent, because the brokers do not take it; try again");

    private final Clients clients;
    private final Codec codec;
    private final ThreadPoolExecutor sending;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    LabelSender(Clients clients, Codec codec) {
        this.clients = clients;
        this.codec = codec;
        this.sending = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(CAPACITY), task -> {
            Thread thread = new Thread(task, "headwater-api-labels");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Sends a label; the future is completed when the brokers have it, with nothing, or else with the reason. */
    CompletableFuture<Optional<TurnedAway>> send(LateLabel label) {
        CompletableFuture<Optional<TurnedAway>> sent = new CompletableFuture<>();
        try {
            sending.execute(() -> send(label, sent));
        } catch (RejectedExecutionException e) {
            sent.complete(Optional.of(
                    new TurnedAway(Cause.FULL, "%d labels wait to be sent; try again".formatted(CAPACITY))));
        }
        return sent;
    }

    private void send(LateLabel label, CompletableFuture<Optional<TurnedAway>> sent) {
        try {
            KafkaProducer<byte[], byte[]> with = producer;
            if (with == null) {
                with = clients.producer();
                producer = with;
            }
            byte[] key = label.id().getBytes(StandardCharsets.UTF_8);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    clients.topics().name(Topic.LABELS),
                    clients.topics().partitionOf(label.id()),
                    key,
                    codec.encode(EventType.LATE_LABEL, label));
            with.send(record, (metadata, fault) -> sent.complete(failed(fault)));
        } catch (KafkaException | RegistryException e) {
            sent.complete(failed(e));
        }
    }

    private static Optional<TurnedAway> failed(@Nullable Exception fault) {
        if (fault == null) {
            return Optional.empty();
        }
        LOG.warn("label-not-sent", fault);
        return Optional.of(AWAY);
    }

    @Override
    public void close() {
        sending.shutdownNow();
        try {
            if (sending.awaitTermination(1, TimeUnit.SECONDS) && producer != null) {
                Clients.close(producer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
