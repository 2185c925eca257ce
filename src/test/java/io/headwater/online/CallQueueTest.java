package io.headwater.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.CallResult.TurnedAway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CallQueueTest {
    private static final int CAPACITY = 100_000;

    private long nanos;

    private CallQueue open() {
        CallQueue opened = new CallQueue(CAPACITY, Duration.ofSeconds(2), "closed", () -> nanos);
        opened.open();
        return opened;
    }

    private static Call call() {
        Request request = new Request("1", new Payload.Text("text"), Instant.EPOCH, "reviews");
        return Call.of(
                "shop",
                null,
                List.of(request),
                System.nanoTime() + Duration.ofMinutes(5).toNanos());
    }

    /** Fills the queue until a call is turned away, and returns how many wait. */
    private static int fill(CallQueue queue) {
        for (int waiting = 0; ; waiting++) {
            Call call = call();
            queue.add(call);
            if (call.result().isDone()) {
                assertThat(call.result().join()).isInstanceOfSatisfying(TurnedAway.class, away -> {
                    assertThat(away.cause()).isEqualTo(Cause.FULL);
                    assertThat(away.message()).contains("headwater.api.");
                });
                return waiting;
            }
        }
    }

    @Test
    void shouldHoldAsMuchAsItMayWhileItDoesNotKnowHowLongARequestTakes() {
        assertThat(fill(open())).isEqualTo(CAPACITY);
    }

    @Test
    void shouldNotCountTheTimeInWhichNothingIsAsked() throws InterruptedException {
        CallQueue queue = open();
        answer(queue, Duration.ofMillis(1), 20);
        for (int i = 0; i < 1_000; i++) {
            queue.take(Duration.ZERO);
            nanos += Duration.ofSeconds(1).toNanos();
        }

        assertThat(fill(queue)).isBetween(1_900, 2_100);
    }

    @Test
    void shouldNotTurnAwayBecauseOfASlowBeginning() throws InterruptedException {
        CallQueue queue = open();
        queue.add(call());
        queue.take(Duration.ZERO);
        nanos += Duration.ofSeconds(1).toNanos();
        queue.take(Duration.ZERO);

        assertThat(fill(queue)).isGreaterThan(4 * CallQueue.MOST);
    }

    /** What waits can be answered in time, at the pace of the last batches, but a batch may wait in any case. */
    @Property(tries = 50)
    void shouldHoldWhatCanBeAnsweredInTime(
            @ForAll @IntRange(min = 1, max = 200) int millis, @ForAll @IntRange(min = 1, max = 60) int before)
            throws InterruptedException {
        CallQueue queue = open();
        answer(queue, Duration.ofMillis(before), 20);
        answer(queue, Duration.ofMillis(millis), 40);

        assertThat(fill(queue))
                .isBetween(Math.max(CallQueue.MOST, 1_950 / millis), Math.max(CallQueue.MOST, 2_050 / millis + 1));
    }

    /** Answers batches, of which a request takes {@code each}. */
    private void answer(CallQueue queue, Duration each, int batches) throws InterruptedException {
        for (int i = 0; i < batches; i++) {
            List<Call> calls = new ArrayList<>();
            for (int request = 0; request < CallQueue.MOST; request++) {
                calls.add(call());
            }
            calls.forEach(queue::add);
            assertThat(queue.take(Duration.ZERO)).hasSize(CallQueue.MOST);
            nanos += CallQueue.MOST * each.toNanos();
        }
        queue.take(Duration.ZERO);
    }
}
