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
 * The values of one type of event for Kafka's clients and for Kafka Streams: the same bytes, limits and reasons for a
 * rejection as those of the {@link Codec} behind it. A null event is a null value and the other way round, as tombstones
 * of compacted topics and of changelogs are. Safe for use by several threads; holds nothing that has to be closed.
 *
 * <p>A value that cannot be read throws {@link SerializationException} with the topic, the reason and the message of the
 * rejection. A schema registry that cannot be asked throws {@link io.headwater.codec.RegistryException}, which says
 * nothing about the record: the same record can be read once the registry answers again.
 *
 * @param <T> the domain class of the event
 */
public final class EventSerde<T> implements Serde<T> {

    private final Codec codec;
    private final EventType<T> type;

    /** The values of {@code type}, as {@code codec} writes and reads them. */
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
