package io.headwater.adapt.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.drift.ChangePoint;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.task.LinearTarget;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests where the window of the samples since the last change begins. */
class LaneWindowsTest {
    private final LaneWindows windows = LaneWindows.empty(LinearTarget.CLASSES, 1);
    private final Window sinceChange = windows.of(Scope.SINCE_CHANGE);

    @Test
    void shouldBeginWhereTheChangeIsEstimated() {
        add(1, 100);

        assertThat(windows.change(new ChangePoint(91, true))).isEqualTo(10);

        add(101, 120);
        assertThat(sinceChange.from()).isEqualTo(91);
        assertThat(sinceChange.moments().rows()).isEqualTo(30);
    }

    @Test
    void shouldNotBeginAgainWithAnotherSignalOfTheSameChange() {
        add(1, 100);
        windows.change(new ChangePoint(91, true));
        add(101, 140);

        assertThat(windows.isNews(new ChangePoint(110, true))).isFalse();
        assertThat(windows.isNews(new ChangePoint(165, true))).isTrue();
    }

    @Test
    void shouldNotReplaceACertainChangeByAPossibleOne() {
        add(1, 100);
        windows.change(new ChangePoint(91, true));
        add(101, 400);

        assertThat(windows.isNews(new ChangePoint(390, false))).isFalse();
        assertThat(windows.isNews(new ChangePoint(390, true))).isTrue();
    }

    @Test
    void shouldGiveUpAChangeThatIsOnlyPossible() {
        add(1, 100);
        windows.change(new ChangePoint(91, false));
        add(101, 611);
        assertThat(windows.giveUp()).isFalse();

        add(612, 612);

        assertThat(windows.giveUp()).isTrue();
        assertThat(sinceChange.from()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldKeepAChangeThatWasConfirmed() {
        add(1, 100);
        windows.change(new ChangePoint(91, false));
        windows.confirm(new ChangePoint(95, true));
        add(101, 1000);

        assertThat(windows.giveUp()).isFalse();
    }

    private void add(long from, long to) {
        windows.add(LongStream.rangeClosed(from, to)
                .mapToObj(
                        number -> new StoredSample(new float[] {number % 7}, new float[] {0}, 0, number, new float[0]))
                .toList());
    }
}
