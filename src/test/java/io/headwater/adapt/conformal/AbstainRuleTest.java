package io.headwater.adapt.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.PredictionInterval;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.Intervals;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbstainRuleTest {

    @Test
    void shouldAbstainWhereAnErrorIsLikelyToCostMore() {
        assertThat(new AbstainRule(0.4).abstains(0.5, null)).isTrue();
        assertThat(new AbstainRule(0.6).abstains(0.5, null)).isFalse();
        assertThat(new AbstainRule(0).abstains(Double.NaN, null)).isFalse();
    }

    @Test
    void shouldAbstainWhereAnyIntervalAllowsLargerErrors() {
        PredictionRegion wide =
                new Intervals(0.9, List.of(PredictionInterval.around(1, 0.5), PredictionInterval.around(7, 3)));

        assertThat(new AbstainRule(2).abstains(Double.NaN, wide)).isTrue();
        assertThat(new AbstainRule(4).abstains(Double.NaN, wide)).isFalse();
    }

    @Test
    void shouldRejectACostBelowZero() {
        assertThatThrownBy(() -> new AbstainRule(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 0, but is NaN");
    }
}
