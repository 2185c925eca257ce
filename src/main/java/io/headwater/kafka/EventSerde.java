package io.headwater.kafka;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Outcome;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A serde for the values of one event type, for Kafka clients and Kafka Streams. It delegates to a {@link Codec} and
 * has the same bytes, limits and reasons for rejection. A null event corresponds to a null value, as needed for
 * tombstones of compacted topics and changelogs. Safe for use by several threads; need not be closed.
 *
 * <p>A value that cannot be read causes a {@link SerializationException} with the topic, the reason and the message of
 * the rejection. An unreachable schema registry causes an {@link io.headwater.codec.RegistryException}, which does not
 * mean that the record is invalid: it can be read once the registry is reachable again.
 *
 * @param <T> domain class of the event
 */
public final class EventSerde<T> implements Serde<T> {

    private final Codec codec;
    private final EventType<T> type;

    /** Creates a serde for values of {@code type} that uses {@code codec}. */
    public EventSerde(Codec codec, EventType<T> type) {
        this.codec = codec;
        this.type = type;
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, event) -> write(event);
    }

    @Override
    public Deserializer<T> deserializer() {
        return this::read;
    }

    private byte @Nullable [] write(@Nullable T event) {
        return event == null ? null : codec.encode(type, event);
    }

    private @Nullable T read(String topic, byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        Outcome<T> outcome = codec.decode(type, value);
        if (outcome instanceof Outcome.Rejected<T> rejected) {
            throw new SerializationException("a record of the topic " + topic + " cannot be read: "
                    + rejected.rejection().reason() + ", "
                    + rejected.rejection().message());
        }
        return ((Outcome.Ok<T>) outcome).value();
    }
}
