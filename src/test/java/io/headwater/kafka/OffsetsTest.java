package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A partition that is not assigned any more, as after the brokers have not heard from a member for too long. */
@OnEmbeddedBroker
class OffsetsTest {
    @Test
    void shouldLeaveOutAPartitionThatWasTakenAway(BrokerUnderTest broker) {
        TopicPartition partition = new TopicPartition(broker.freshTopic("offsets", 1), 0);
        Clients clients =
                new Clients(KafkaSettings.of(broker.bootstrapServers()), new Topics("offsets.", 1, (short) 1, 1, 1000));
        try (KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(broker.fresh("offsets"))) {
            Offsets.rewind(consumer, Set.of(partition));
            Offsets.seek(consumer, partition, 0);
            Offsets.pause(consumer, Set.of(partition));

            assertThat(consumer.assignment()).isEmpty();
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(() -> Offsets.position(consumer, partition))
                    .withMessageContainingAll(partition.toString(), "not assigned to this consumer any more");
        }
    }
}
