package io.headwater.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Property
    void shouldLeaveNothingThatATerminalObeys(@ForAll String text) {
        assertThat(Printable.line(text).codePoints())
                .noneMatch(point -> Character.isISOControl(point) || point == 0x202E);
        assertThat(Printable.lines(text).replace("\n", "")).isEqualTo(Printable.line(text.replace("\n", "")));
    }

    @Test
    void shouldShowWhatItEscapes() {
        assertThat(Printable.line("good\u001b[2J\nbad\u202e, Fähre 🚲"))
                .isEqualTo("good\\u001b[2J\\u000abad\\u202e, Fähre 🚲");
        assertThat(Printable.lines("one\ntwo\r")).isEqualTo("one\ntwo\\u000d");
    }
}
