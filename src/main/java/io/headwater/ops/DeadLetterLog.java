package io.headwater.ops;

import io.headwater.board.DeadLetter;
import io.headwater.domain.Lane;
import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Reads dead letters, and sends their records again after what was wrong has been mended. */
public final class DeadLetterLog {
    private static final String OWN_HEADERS = "headwater.";

    private final Clients clients;
    private final Topics topics;

    /**
     * What became of the letters to replay.
     *
     * @param sent letters whose records were sent again
     * @param before letters whose records had been sent again before
     * @param unsendable letters whose records cannot be sent again: commands, and records that were too large to be copied
     */
    public record Replayed(List<DeadLetter> sent, List<DeadLetter> before, List<DeadLetter> unsendable) {}

    /** Creates an instance that reads and sends through {@code clients}. */
    public DeadLetterLog(Clients clients) {
        this.clients = clients;
        this.topics = clients.topics();
    }

    /** Passes all letters that {@code wanted} accepts to {@code sink} with their records, those of a partition in order. */
    public void read(Predicate<DeadLetter> wanted, BiConsumer<DeadLetter, ConsumerRecord<byte[], byte[]>> sink) {
        try (PartitionReader reader = new PartitionReader(clients)) {
            for (int p = 0; p < topics.partitions(); p++) {
                reader.readAll(topics.partition(Topic.DEAD_LETTERS, p), record -> {
                    DeadLetter letter = DeadLetter.of(record);
                    if (letter != null && wanted.test(letter)) {
                        sink.accept(letter, record);
                    }
                });
            }
        }
    }

    /**
     * Sends the records of letters again, unchanged, to the topics on which they came. The records of each partition of the
     * dead-letters topic are sent in one transaction, and a record that was sent again before is not sent once more, so that the
     * command can be given again after it was interrupted.
     *
     * @param wanted which letters
     * @param dry whether to send nothing, and only say what would be sent
     */
    public Replayed replay(Predicate<DeadLetter> wanted, boolean dry) {
        Map<Integer, Map<DeadLetter, ConsumerRecord<byte[], byte[]>>> found = new TreeMap<>();
        List<DeadLetter> unsendable = new ArrayList<>();
        read(wanted, (letter, record) -> {
            if (isSendable(letter)) {
                found.computeIfAbsent(record.partition(), p -> new TreeMap<>(DeadLetterLog::inOrder))
                        .put(letter, record);
            } else {
                unsendable.add(letter);
            }
        });
        Set<String> replayed = found.isEmpty() ? Set.of() : replayedBefore(found);
        List<DeadLetter> sent = new ArrayList<>();
        List<DeadLetter> before = new ArrayList<>();
        for (Map.Entry<Integer, Map<DeadLetter, ConsumerRecord<byte[], byte[]>>> partition : found.entrySet()) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            partition.getValue().forEach((letter, record) -> {
                if (replayed.contains(letter.id())) {
                    before.add(letter);
                } else {
                    sent.add(letter);
                    records.add(again(letter, record));
                }
            });
            if (!dry && !records.isEmpty()) {
                send(partition.getKey(), records);
            }
        }
        return new Replayed(sent, before, unsendable);
    }

    private static int inOrder(DeadLetter a, DeadLetter b) {
        return Long.compare(offset(a), offset(b));
    }

    private static long offset(DeadLetter letter) {
        return Long.parseLong(letter.id().substring(letter.id().indexOf('-') + 1));
    }

    private boolean isSendable(DeadLetter letter) {
        return letter.bytes() > 0
                && (letter.topic().equals(topics.name(Topic.SAMPLES))
                        || letter.topic().equals(topics.name(Topic.REQUESTS)));
    }

    /** Returns the letters whose records are on their topics again, found by the header of a replay. */
    private Set<String> replayedBefore(Map<Integer, Map<DeadLetter, ConsumerRecord<byte[], byte[]>>> found) {
        Map<TopicPartition, Long> from = new HashMap<>();
        found.values()
                .forEach(letters -> letters.forEach((letter, record) -> {
                    // The record came before its letter, and its replay after it.
                    from.merge(
                            new TopicPartition(letter.topic(), partitionOf(letter)),
                            partitionOf(letter) == letter.partition() ? letter.offset() + 1 : 0,
                            Math::min);
                }));
        Set<String> replayed = new HashSet<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            from.forEach((partition, offset) -> reader.read(
                    partition, Math.max(offset, reader.beginningOf(partition)), reader.endOf(partition), record -> {
                        Header replay = record.headers().lastHeader(DeadLetter.REPLAY_OF);
                        if (replay != null) {
                            replayed.add(RecordKeys.text(replay.value()));
                        }
                    }));
        }
        return replayed;
    }

    /** The partition of the domain, which a misrouted record has missed; that of the record where it has no valid domain. */
    private int partitionOf(DeadLetter letter) {
        return Lane.isDomain(letter.domain()) ? topics.partitionOf(letter.domain()) : letter.partition();
    }

    private ProducerRecord<byte[], byte[]> again(DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        ProducerRecord<byte[], byte[]> again =
                new ProducerRecord<>(letter.topic(), partitionOf(letter), record.key(), record.value());
        for (Header header : record.headers()) {
            if (!header.key().startsWith(OWN_HEADERS)) {
                again.headers().add(header);
            }
        }
        again.headers().add(DeadLetter.REPLAY_OF, letter.id().getBytes(StandardCharsets.UTF_8));
        return again;
    }

    private void send(int partition, List<ProducerRecord<byte[], byte[]>> records) {
        KafkaProducer<byte[], byte[]> producer =
                clients.transactionalProducer(topics.name(Topic.DEAD_LETTERS) + "-replay-" + partition);
        try {
            producer.beginTransaction();
            records.forEach(producer::send);
            producer.commitTransaction();
        } finally {
            Clients.close(producer);
        }
    }
}
