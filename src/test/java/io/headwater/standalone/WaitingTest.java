package io.headwater.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitingTest {
    @Test
    void shouldWaitAsLongAsSomethingHappens() throws InterruptedException {
        AtomicLong events = new AtomicLong();
        AtomicInteger looks = new AtomicInteger();

        Waiting.until("the end", Duration.ZERO, events::incrementAndGet, () -> looks.incrementAndGet() == 5);

        assertThat(looks).hasValue(5);
    }

    @Test
    void shouldGiveUpWhenNothingHappens() {
        AtomicLong events = new AtomicLong();

        assertThatThrownBy(() -> Waiting.until(
                        "the end", Duration.ZERO, () -> Math.min(3, events.incrementAndGet()), () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("waited for the end for 0 s in vain");
        assertThat(events).hasValueGreaterThan(3);
    }
}
