package io.headwater.kafka;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of topics that are keyed by lane and to which only Headwater should write. A record of another program,
 * whose key is not a lane or whose value is not such an event, is skipped, logged and counted: it must neither end a role nor
 * hide the events around it. Safe for use by several threads.
 */
public final class LaneEvents {
    private static final Logger LOG = Logger.getLogger(LaneEvents.class);
    private static final int MAX_KEY = 100;

    private final Codec codec;
    private final Consumer<String> onForeign;

    /**
     * An event of a lane.
     *
     * @param event null for a tombstone, after which the lane has no such event
     */
    public record LaneEvent<T>(Lane lane, @Nullable T event) {}

    /**
     * Creates a reader of events.
     *
     * @param onForeign receives the name of the topic of each record that is skipped; must not throw
     */
    public LaneEvents(Codec codec, Consumer<String> onForeign) {
        this.codec = codec;
        this.onForeign = onForeign;
    }

    /** Creates a reader of events that only logs what it skips. */
    public LaneEvents(Codec codec) {
        this(codec, topic -> {});
    }

    /** Returns the lane that is the key of {@code record}; empty when the key is not a lane, and then the record is skipped. */
    public Optional<Lane> lane(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(Lane.parse(RecordKeys.text(record.key())));
        } catch (IllegalArgumentException e) {
            String key = RecordKeys.text(record.key());
            skip(
                    record,
                    "its key must be a lane, but is '%s'".formatted(key.substring(0, Math.min(MAX_KEY, key.length()))));
            return Optional.empty();
        }
    }

    /**
     * Returns the event of {@code record}; empty when it is skipped.
     *
     * @throws io.headwater.codec.RegistryException when the registry cannot be reached for its schema
     */
    public <T> Optional<LaneEvent<T>> read(EventType<T> type, ConsumerRecord<byte[], byte[]> record) {
        return lane(record)
                .flatMap(lane -> record.value() == null
                        ? Optional.of(new LaneEvent<>(lane, null))
                        : value(type, record).map(event -> new LaneEvent<>(lane, event)));
    }

    /**
     * Returns the event of {@code record}, whatever its key is; empty for a tombstone, and when it is skipped.
     *
     * @throws io.headwater.codec.RegistryException when the registry cannot be reached for its schema
     */
    public <T> Optional<T> value(EventType<T> type, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        Outcome<T> decoded = codec.decode(type, record.value());
        if (decoded instanceof Outcome.Rejected<T> rejected) {
            skip(
                    record,
                    rejected.rejection().reason() + ", " + rejected.rejection().message());
            return Optional.empty();
        }
        return Optional.of(((Outcome.Ok<T>) decoded).value());
    }

    /**
     * Returns whether {@code value} begins as an Avro single object, as events of Headwater do: then it is not of a foreign
     * program, but of another release, or damaged.
     */
    public static boolean hasFrameOfHeadwater(byte @Nullable [] value) {
        return value != null && value.length >= 2 && value[0] == (byte) 0xC3 && value[1] == 1;
    }

    private void skip(ConsumerRecord<byte[], byte[]> record, String why) {
        onForeign.accept(record.topic());
        LOG.errorf(
                "foreign-record-skipped topic=%s partition=%d offset=%d reason=\"%s\"; only Headwater may write to this topic, so"
                        + " look for the program that does",
                record.topic(), record.partition(), record.offset(), why);
    }
}
