package io.headwater.api.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Lane;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueChars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneNamesTest {
    @Test
    void shouldEscapeWhatUrlsWouldEscape() {
        assertThat(LaneNames.of("messages", "bike-shop")).isEqualTo("messages~bike-shop");
        assertThat(LaneNames.of("messages", "caf\u00e9 ~ 1")).isEqualTo("messages~caf~C3~A9~20~7E~201");
    }

    @Test
    void shouldAlsoReadWhatNeedNotBeEscaped() {
        assertThat(LaneNames.parse("a~caf\u00e9")).contains(new Lane("a", "caf\u00e9"));
        assertThat(LaneNames.parse("a~~61")).contains(new Lane("a", "a"));
    }

    @Property
    void shouldReadEveryNameThatItWrites(@ForAll @StringLength(min = 1, max = 200) @UniqueChars String domain) {
        if (Lane.isDomain(domain) && domain.codePoints().noneMatch(one -> one >= 0xD800 && one <= 0xDFFF)) {
            String name = LaneNames.of("a", domain);

            assertThat(name).matches("a~[A-Za-z0-9._~-]+");
            assertThat(LaneNames.parse(name)).contains(new Lane("a", domain));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "~", "a~", "~a", "a b~c", "a~~", "a~~4", "a~~4g", "a~~2F", "a~~FF", "a~~00"})
    void shouldNotReadWhatIsNoName(String name) {
        assertThat(LaneNames.parse(name)).isEmpty();
    }
}
