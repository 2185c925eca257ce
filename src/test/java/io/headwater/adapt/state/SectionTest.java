package io.headwater.adapt.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.ArtifactException;
import io.headwater.testing.Sections;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SectionTest {

    @Property(tries = 50)
    void shouldReadTheBitsOfDoublesThatWereWritten(@ForAll double[] values) {
        SectionReader section = Sections.written(writer -> writer.doubles("values", values));

        assertThat(section.doubles("values", values.length)).containsExactly(values);
    }

    @Test
    void shouldRejectAnotherNumberOfDoubles() {
        SectionReader section = Sections.written(writer -> writer.doubles("values", new double[] {1, 2}));

        assertThatThrownBy(() -> section.doubles("values", 3))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("'part/values'")
                .hasMessageContaining("must hold 3 doubles, but holds 2");
    }
}
