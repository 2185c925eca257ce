package io.headwater.ops.lane;

import io.headwater.board.PayloadText;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Ask;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The requests of a lane that people should label. Only those are listed that are no older than labels are kept, because it is not known
 * of older ones whether they were labelled.
 */
public final class LaneAskList {
    private static final int SHOWN = 200;

    private final Clients clients;
    private final Codec codec;
    private final LaneEvents events;
    private final Lane lane;

    /** Creates an instance that reads the topics through {@code clients}. */
    public LaneAskList(Clients clients, Codec codec, Lane lane) {
        this.clients = clients;
        this.codec = codec;
        this.events = new LaneEvents(codec);
        this.lane = lane;
    }

    /**
     * A request.
     *
     * @param id its id, which its label must name
     * @param at when it was chosen
     * @param labelled whether there is a label
     * @param answer what the version that served predicted
     * @param score how much the strategy expects of the label, 0 to 1
     * @param strategy by which it was chosen
     * @param probability with which it was chosen
     * @param payload its text, at most {@value #SHOWN} characters, or what it is
     */
    public record Row(
            String id,
            Instant at,
            boolean labelled,
            String answer,
            double score,
            String strategy,
            double probability,
            String payload) {
        /**
         * Returns a request without a label.
         *
         * @param text its whole text, or what it is
         */
        public static Row open(
                String id, Instant at, String answer, double score, String strategy, double probability, String text) {
            return new Row(id, at, false, answer, score, strategy, probability, PayloadText.shortened(text, SHOWN));
        }

        private Row withLabel() {
            return new Row(id, at, true, answer, score, strategy, probability, payload);
        }
    }

    /** What comes first, of requests without a label and then of those with one. */
    public enum Order {
        NEWEST(Comparator.comparing(Row::at)),
        SCORE(Comparator.comparingDouble(Row::score).thenComparing(Row::at));

        private final Comparator<Row> last;

        Order(Comparator<Row> last) {
            this.last = last;
        }

        /** Returns requests in this order, those without a label first. */
        public List<Row> sorted(List<Row> rows) {
            return rows.stream()
                    .sorted(Comparator.comparing(Row::labelled).thenComparing(last.reversed()))
                    .toList();
        }
    }

    /**
     * Returns all requests.
     *
     * @param now the present time
     */
    public List<Row> all(Instant now) {
        Instant since = now.minus(Topic.LABELS.retention());
        Topics topics = clients.topics();
        List<Row> rows = new ArrayList<>();
        Set<String> unlabelled = new HashSet<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            reader.readSince(
                    topics.partition(Topic.ASKS, topics.partitionOf(lane.domain())),
                    since,
                    record -> events.read(EventType.ASK, record).ifPresent(event -> {
                        Ask ask = event.event();
                        if (ask != null && ask.lane().equals(lane)) {
                            rows.add(row(ask));
                            unlabelled.add(ask.requestId());
                        }
                    }));
            // Programs in other languages choose the partition of a label in other ways.
            for (int partition = 0; !unlabelled.isEmpty() && partition < topics.partitions(); partition++) {
                reader.readSince(
                        topics.partition(Topic.LABELS, partition),
                        since,
                        record -> labelled(record).ifPresent(unlabelled::remove));
            }
        }
        return rows.stream()
                .map(row -> unlabelled.contains(row.id()) ? row : row.withLabel())
                .toList();
    }

    /** Returns the id of the request that a record labels; empty if it is of another domain, or cannot be read. */
    private Optional<String> labelled(ConsumerRecord<byte[], byte[]> record) {
        return codec.decode(EventType.LATE_LABEL, record.value()) instanceof Outcome.Ok<LateLabel> ok
                        && ok.value().domain().equals(lane.domain())
                ? Optional.of(ok.value().id())
                : Optional.empty();
    }

    private static Row row(Ask ask) {
        return Row.open(
                ask.requestId(),
                ask.at(),
                ask.answer().text(),
                ask.score(),
                ask.strategy(),
                ask.probability(),
                PayloadText.of(ask.payload(), SHOWN));
    }
}
