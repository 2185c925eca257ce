package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class ReturnMetricsTest {

    @Test
    void shouldTakeTheMeanOfEachWindow() {
        assertThat(ReturnMetrics.of(List.of(1.0, 2.0, 6.0))).isEqualTo(new ReturnMetrics(3, 3));
        assertThat(ReturnMetrics.windows(List.of(1.0, 3.0, -2.0, -4.0, 9.0), 2))
                .containsExactly(new ReturnMetrics(2, 2), new ReturnMetrics(2, -3), new ReturnMetrics(1, 9));
        assertThat(ReturnMetrics.windows(List.of(), 2)).isEmpty();
    }

    @Property(tries = 200)
    void shouldLeaveNoEpisodeOut(
            @ForAll @NotEmpty List<@DoubleRange(min = -100, max = 100) Double> returns,
            @ForAll @IntRange(min = 1) int window) {
        List<ReturnMetrics> windows = ReturnMetrics.windows(returns, window);

        assertThat(windows.stream().mapToLong(ReturnMetrics::episodes).sum()).isEqualTo(returns.size());
        assertThat(windows).allSatisfy(each -> assertThat(each.meanReturn()).isBetween(-100.0, 100.0));
    }

    @Test
    void shouldRejectWhatIsNoReturn() {
        assertThatThrownBy(() -> ReturnMetrics.of(List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> ReturnMetrics.of(List.of(Double.POSITIVE_INFINITY)))
                .hasMessageContaining("Infinity");
        assertThatThrownBy(() -> ReturnMetrics.windows(List.of(1.0), 0)).hasMessageContaining("holds 0");
    }
}
