package io.headwater.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SpellingTest {

    @Property(tries = 200)
    void shouldMeasureDistanceAsAMetric(@ForAll String from, @ForAll String to, @ForAll String over) {
        assertThat(Spelling.distance(from, to)).isEqualTo(Spelling.distance(to, from));
        assertThat(Spelling.distance(from, from)).isZero();
        assertThat(Spelling.distance(from, to))
                .isLessThanOrEqualTo(Spelling.distance(from, over) + Spelling.distance(over, to));
        assertThat(Spelling.distance(from, from + over)).isEqualTo(over.length());
    }

    @Test
    void shouldMeasureKnownDistances() {
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
    }
}
