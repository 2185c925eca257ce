package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.codec.EventType;
import io.headwater.domain.Command;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.Clients;
import io.headwater.kafka.DeadLetters;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands and waits until the trainer has carried them out. The trainer publishes the offset up to which it has
 * carried out the commands for a lane with the state of the lane, and a rejected command as a dead letter.
 */
public final class CommandDispatch {
    private static final long INTERVAL_MILLIS = 100;

    /** The trainer refused a command. */
    public static final class Refused extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private final Clients clients;
    private final Codec codec;

    /** Creates an instance that sends and reads through {@code clients}. */
    public CommandDispatch(Clients clients, Codec codec) {
        this.clients = clients;
        this.codec = codec;
    }

    /**
     * Sends {@code command}, and returns the state of the lane after it was carried out.
     *
     * @throws Refused when the trainer refuses the command
     * @throws IllegalStateException when it does not carry it out within {@code patience}
     */
    public TrainerState carryOut(Command command, Duration patience) throws InterruptedException {
        int partition = clients.topics().partitionOf(command.lane().domain());
        TopicPartition states = clients.topics().partition(Topic.TRAINER_STATE, partition);
        TopicPartition letters = clients.topics().partition(Topic.DEAD_LETTERS, partition);
        long deadline = System.nanoTime() + patience.toNanos();
        try (PartitionReader reader = new PartitionReader(clients)) {
            long read = reader.endOf(letters);
            long offset = send(command, partition);
            while (System.nanoTime() - deadline < 0) {
                long end = reader.endOf(letters);
                Rejection rejection = rejection(reader, letters, read, end, offset);
                if (rejection != null) {
                    throw new Refused("the trainer refused the command: " + rejection.message());
                }
                read = end;
                TrainerState state = state(reader, states, command.lane());
                if (state != null && state.commandsOffset() > offset) {
                    return state;
                }
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
            }
        }
        throw new IllegalStateException(
                "no trainer carried the command out in %d s; it stays on the commands topic. Is a trainer running?"
                        .formatted(patience.toSeconds()));
    }

    private long send(Command command, int partition) throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            return producer.send(new ProducerRecord<>(
                            clients.topics().name(Topic.COMMANDS),
                            partition,
                            command.lane().key().getBytes(StandardCharsets.UTF_8),
                            codec.encode(EventType.COMMAND, command)))
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new KafkaException("the command could not be sent: " + e.getCause(), e);
        }
    }

    private @Nullable Rejection rejection(
            PartitionReader reader, TopicPartition letters, long from, long to, long command) {
        Rejection[] found = {null};
        reader.read(letters, from, to, record -> {
            DeadLetterHeaders headers = DeadLetters.headers(record);
            if (headers.topic().equals(clients.topics().name(Topic.COMMANDS)) && headers.offset() == command) {
                found[0] = headers.rejection();
            }
        });
        return found[0];
    }

    private @Nullable TrainerState state(PartitionReader reader, TopicPartition states, Lane lane) {
        LaneEvents events = new LaneEvents(codec);
        TrainerState[] newest = {null};
        reader.readAll(states, record -> {
            if (RecordKeys.text(record.key()).equals(lane.key())) {
                events.read(EventType.TRAINER_STATE, record).ifPresent(state -> newest[0] = state.event());
            }
        });
        return newest[0];
    }
}
