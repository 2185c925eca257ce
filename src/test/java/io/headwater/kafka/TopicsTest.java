package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Property
    void shouldPlaceADomainWhereKafkasProducerDoes(
            @ForAll @StringLength(min = 1, max = 50) String domain,
            @ForAll @IntRange(min = 1, max = 100) int partitions) {
        assertThat(new Topics("", partitions, (short) 1, 1, 1).partitionOf(domain))
                .isEqualTo(BuiltInPartitioner.partitionForKey(domain.getBytes(StandardCharsets.UTF_8), partitions));
    }

    @Test
    void shouldNameTopicsByThePrefix() {
        Topics topics = new Topics("shop.", 2, (short) 1, 1, 1);

        assertThat(topics.name(Topic.MODEL_VERSIONS)).isEqualTo("shop.model-versions");
        assertThat(topics.partition(Topic.SERVING, 1)).hasToString("shop.serving-1");
    }

    @Test
    void shouldRefuseNumbersThatMakeNoTopic() {
        assertThatThrownBy(() -> new Topics("", 0, (short) 1, 1, 1)).hasMessageContaining("partitions");
        assertThatThrownBy(() -> new Topics("", 1, (short) 1, 2, 1)).hasMessageContaining("min.insync.replicas");
    }
}
