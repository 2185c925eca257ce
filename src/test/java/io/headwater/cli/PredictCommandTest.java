package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.PredictionInterval;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.PredictionRegion.Intervals;
import io.headwater.domain.PredictionRegion.TagSets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictCommandTest {

    @Test
    void shouldPrintWhatMayBeTrue() {
        assertThat(PredictCommand.region(new ClassSet(0.9, List.of("b", "a")))).isEqualTo("  {b, a}");
        assertThat(PredictCommand.region(new ClassSet(0.9, List.of()))).isEqualTo("  {}");
        assertThat(PredictCommand.region(new TagSets(0.9, List.of(List.of("O"), List.of("B-x", "O")))))
                .isEqualTo("  {O} {B-x, O}");
        assertThat(PredictCommand.region(
                        new Intervals(0.9, List.of(new PredictionInterval(1.5, 2.5), new PredictionInterval(-1, 0)))))
                .isEqualTo("  1.500 to 2.500  -1.000 to 0.000");
        assertThat(PredictCommand.region(null)).isEmpty();
    }
}
