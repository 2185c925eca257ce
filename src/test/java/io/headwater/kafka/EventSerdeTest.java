package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.codec.HttpSchemaRegistry;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class EventSerdeTest {

    private static final Request REQUEST = new Request("r-1", new Payload.Text("a fine day"), Instant.EPOCH);

    private final EventSerde<Request> requests = new EventSerde<>(new Codec(100), EventType.REQUEST);
    private final EventSerde<Serving> serving = new EventSerde<>(new Codec(100), EventType.SERVING);

    @Test
    void shouldKeepTombstones() {
        assertThat(serving.serializer().serialize("serving", null)).isNull();
        assertThat(serving.deserializer().deserialize("serving", (byte[]) null)).isNull();
    }

    @Test
    void shouldNameTheTopicAndTheReasonOfAValueThatCannotBeRead() {
        byte[] bytes = requests.serializer().serialize("prod.requests", REQUEST);

        assertThatThrownBy(() -> serving.deserializer().deserialize("prod.serving", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("prod.serving")
                .hasMessageContaining("UNKNOWN_SCHEMA")
                .hasMessageContaining("io.headwater.events.Serving");
    }

    @Test
    void shouldHoldEventsFromOutsideToTheLimitOfTheCodec() {
        assertThatThrownBy(() -> requests.deserializer().deserialize("requests", new byte[101]))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("TOO_LARGE")
                .hasMessageContaining("at most 100 bytes");
    }

    @Test
    void shouldTellAnOutageOfTheRegistryFromABadRecord() {
        HttpSchemaRegistry unreachable =
                new HttpSchemaRegistry(URI.create("http://localhost:1"), Duration.ofSeconds(5));
        EventSerde<Request> numbered = new EventSerde<>(new Codec(100, unreachable), EventType.REQUEST);

        assertThatThrownBy(() -> numbered.deserializer().deserialize("requests", new byte[] {0, 0, 0, 0, 7, 1}))
                .isInstanceOf(RegistryException.class);
    }
}
