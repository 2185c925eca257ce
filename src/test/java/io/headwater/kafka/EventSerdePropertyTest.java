package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.codec.DomainArbitraries;
import io.headwater.codec.EventType;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

@Domain(DomainArbitraries.class)
@Domain(DomainContext.Global.class)
class EventSerdePropertyTest {

    private static final int MAX_BYTES = 1 << 20;

    private final Codec singleObjects = new Codec(MAX_BYTES);
    private final Codec numbered = new Codec(MAX_BYTES, new MemoryRegistry());

    /** An event of any type, with its type. */
    private record Event<T>(EventType<T> type, T value) {

        static <T> Arbitrary<Event<?>> ofType(EventType<T> type) {
            return Arbitraries.defaultFor(type.type()).map(value -> new Event<>(type, value));
        }

        T written(Codec codec) {
            EventSerde<T> serde = new EventSerde<>(codec, type);
            byte[] bytes = serde.serializer().serialize(type.name(), value);
            return serde.deserializer().deserialize(type.name(), bytes);
        }

        byte[] bytes(Codec codec) {
            return new EventSerde<>(codec, type).serializer().serialize(type.name(), value);
        }

        byte[] encoded(Codec codec) {
            return codec.encode(type, value);
        }
    }

    @Provide
    Arbitrary<Event<?>> events() {
        return Arbitraries.of(EventType.ALL).flatMap(Event::ofType);
    }

    @Property(tries = 400)
    void shouldReadEveryEventAsItWasWritten(@ForAll("events") Event<?> event, @ForAll boolean withRegistry) {
        // Payloads own arrays, which records compare by identity.
        assertThat(event.written(withRegistry ? numbered : singleObjects))
                .usingRecursiveComparison()
                .isEqualTo(event.value());
    }

    @Property(tries = 200)
    void shouldWriteTheBytesOfTheCodec(@ForAll("events") Event<?> event, @ForAll boolean withRegistry) {
        Codec codec = withRegistry ? numbered : singleObjects;

        assertThat(event.bytes(codec)).isEqualTo(event.encoded(codec));
    }
}
