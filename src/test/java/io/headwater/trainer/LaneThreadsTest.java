package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LaneThreadsTest {
    private static final List<Integer> MANY = IntStream.range(0, 1000).boxed().toList();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void shouldReturnResultsInTheOrderOfTheLanes(int count) {
        try (LaneThreads threads = new LaneThreads(count)) {
            assertThat(threads.each(MANY, lane -> 2 * lane))
                    .isEqualTo(MANY.stream().map(lane -> 2 * lane).toList());
            assertThat(threads.each(List.of(), lane -> lane)).isEmpty();
        }
    }

    /** Each of three lanes waits until the other two are worked for, which takes three threads. */
    @Test
    void shouldWorkForSeveralLanesAtTheSameTime() {
        CyclicBarrier together = new CyclicBarrier(3);
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        try (LaneThreads threads = new LaneThreads(3)) {
            threads.each(List.of(1, 2, 3), lane -> {
                used.add(Thread.currentThread());
                return await(together);
            });
        }
        assertThat(used).hasSize(3).contains(Thread.currentThread());
    }

    private static int await(CyclicBarrier barrier) {
        try {
            return barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldThrowWhatTheWorkOfALaneThrowsWhenNoThreadWorksAnyMore() {
        Set<Integer> running = ConcurrentHashMap.newKeySet();
        try (LaneThreads threads = new LaneThreads(4)) {
            assertThatThrownBy(() -> threads.each(MANY, lane -> {
                        running.add(lane);
                        try {
                            if (lane == 500) {
                                throw new IllegalArgumentException("lane 500");
                            }
                            return lane;
                        } finally {
                            running.remove(lane);
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("lane 500");
            assertThat(running).isEmpty();
        }
    }

    @Test
    void shouldFinishItsWorkAndStayInterruptedWhenItIsInterrupted() {
        try (LaneThreads threads = new LaneThreads(2)) {
            Thread.currentThread().interrupt();
            assertThat(threads.each(MANY, lane -> lane)).isEqualTo(MANY);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
