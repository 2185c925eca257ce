package io.headwater.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class EarlyLabelsTest {
    private final KeyValueStore<Bytes, byte[]> store = store();

    private static KeyValueStore<Bytes, byte[]> store() {
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("early"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
        store.init(context.getStateStoreContext(), store);
        return store;
    }

    @Test
    void shouldBoundTheNumberAlsoAfterARestart() {
        EarlyLabels labels = new EarlyLabels(store, "labels", 3, 1 << 20);
        assertThat(labels.put(key(1), record(1))).isTrue();
        assertThat(labels.put(key(2), record(1))).isTrue();
        assertThat(labels.put(key(3), record(1))).isTrue();
        assertThat(labels.put(key(4), record(1))).isFalse();
        assertThat(labels.put(key(3), record(2))).isTrue();

        EarlyLabels restarted = new EarlyLabels(store, "labels", 3, 1 << 20);
        assertThat(restarted.put(key(4), record(1))).isFalse();
        restarted.remove(key(1));
        restarted.remove(key(1));
        assertThat(restarted.put(key(4), record(1))).isTrue();
        assertThat(restarted.put(key(5), record(1))).isFalse();
        assertThat(restarted.get(key(5))).isNull();
        assertThat(Objects.requireNonNull(restarted.get(key(3))).value()).hasSize(2);
    }

    @Test
    void shouldBoundTheSize() {
        EarlyLabels labels = new EarlyLabels(store, "labels", 1000, 1000);
        assertThat(labels.put(key(1), record(600))).isTrue();
        assertThat(labels.put(key(2), record(600))).isFalse();
        assertThat(labels.put(key(1), record(500))).isTrue();
        assertThat(labels.put(key(2), record(300))).isTrue();
    }

    private static Bytes key(int number) {
        return new RequestKey("shop", Integer.toString(number)).bytes();
    }

    private static ConsumerRecord<byte[], byte[]> record(int size) {
        return new ConsumerRecord<>("labels", 0, 7, new byte[] {1}, new byte[size]);
    }
}
