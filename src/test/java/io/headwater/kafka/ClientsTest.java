package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClientsTest {

    /** Its thread would go on asking for the transactional id, and would fence the next producer when the brokers are back. */
    @Test
    void shouldLeaveNothingOfAProducerThatCouldNotBegin() {
        Topics topics = new Topics("clients.", 1, (short) 1, 1, 1 << 20);
        KafkaSettings nobody = new KafkaSettings("localhost:1", Map.of("max.block.ms", "200"));
        Clients clients = new Clients(nobody, topics);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> clients.transactionalProducer("leaking-producer"))
                    .isInstanceOf(TimeoutException.class);
        }

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("leaking-producer"));
    }
}
