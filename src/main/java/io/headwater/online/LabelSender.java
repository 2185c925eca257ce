package io.headwater.online;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.LateLabel;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.CallResult.TurnedAway;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends labels of requests to their topic. */
final class LabelSender implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LabelSender.class);
    private static final int CAPACITY = 1000;
    private static final TurnedAway AWAY =
            new TurnedAway(Cause.AWAY, "the label could not be sent, because the brokers do not take it; try again");

    private final Clients clients;
    private final Codec codec;
    private final RecordSender sender;

    LabelSender(Clients clients, Codec codec) {
        this.clients = clients;
        this.codec = codec;
        this.sender = new RecordSender(clients, "headwater-api-labels", CAPACITY);
    }

    /** Sends a label; the future is completed when the brokers have it, with nothing, or else with the reason. */
    CompletableFuture<Optional<TurnedAway>> send(LateLabel label) {
        CompletableFuture<Optional<TurnedAway>> sent = new CompletableFuture<>();
        if (!sender.send(() -> record(label), fault -> sent.complete(failed(fault)))) {
            sent.complete(Optional.of(
                    new TurnedAway(Cause.FULL, "%d labels wait to be sent; try again".formatted(CAPACITY))));
        }
        return sent;
    }

    private ProducerRecord<byte[], byte[]> record(LateLabel label) {
        return new ProducerRecord<>(
                clients.topics().name(Topic.LABELS),
                clients.topics().partitionOf(label.id()),
                label.id().getBytes(StandardCharsets.UTF_8),
                codec.encode(EventType.LATE_LABEL, label));
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
        sender.close();
    }
}
