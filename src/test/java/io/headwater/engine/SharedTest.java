package io.headwater.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedTest {
    private final Shared<String, Integer> shared = new Shared<>();
    private final AtomicInteger opened = new AtomicInteger();

    @Test
    void shouldOpenAValueOnceAndGiveItBackWithTheLastWhoHoldsIt() {
        int first = shared.hold("model", opened::incrementAndGet);
        int second = shared.hold("model", opened::incrementAndGet);

        assertThat(second).isEqualTo(first);
        assertThat(shared.hold("other", opened::incrementAndGet)).isNotEqualTo(first);
        assertThat(shared.size()).isEqualTo(2);
        assertThat(shared.release("model")).isEmpty();
        assertThat(shared.release("model")).contains(first);
        assertThat(shared.size()).isEqualTo(1);
        assertThat(shared.hold("model", opened::incrementAndGet)).isNotEqualTo(first);
    }

    @Test
    void shouldHoldNothingThatCannotBeOpened() {
        assertThatThrownBy(() -> shared.hold("model", () -> {
                    throw new IOException("damaged");
                }))
                .isInstanceOf(IOException.class);

        assertThat(shared.size()).isZero();
        assertThatThrownBy(() -> shared.release("model")).isInstanceOf(IllegalStateException.class);
        assertThat(shared.hold("model", opened::incrementAndGet)).isEqualTo(1);
    }
}
