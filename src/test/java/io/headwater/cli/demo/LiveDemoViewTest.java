package io.headwater.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.cli.console.TerminalSize;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LiveDemoViewTest {
    private static final String ENTER = "\u001b[?1049h";
    private static final String LEAVE = "\u001b[?1049l";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String shown(boolean coloured, boolean toTheEnd) {
        LiveDemoView view = new LiveDemoView(out, () -> TerminalSize.USUAL, coloured, Glyphs.UNICODE);
        try (view) {
            view.stage("starting");
            view.actBegins("hotel", "the messages of the hotel", 10);
            view.answered("hotel", "Is there a pool?", true, version(), 1, 10);
            if (toTheEnd) {
                view.finished();
            }
        }
        view.stage("after its end");
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static VersionRef version() {
        Digest any = Digest.of("any".getBytes(StandardCharsets.UTF_8));
        return new VersionRef(new Lane("demo", "hotel"), 3, any, any);
    }

    @Test
    void shouldLeaveTheLastPanelOnTheTerminalThatItGivesBack() {
        String shown = shown(true, true);

        assertThat(shown).startsWith(ENTER).containsOnlyOnce(LEAVE).doesNotContain("after its end");
        assertThat(shown.substring(shown.indexOf(LEAVE)))
                .contains("Headwater\u001b[0m  done", "hotel", "10/10", "100 %")
                .endsWith(System.lineSeparator());
    }

    @Test
    void shouldGiveTheTerminalBackWhenTheDemoFails() {
        assertThat(shown(true, false)).startsWith(ENTER).endsWith("\u001b[?25h" + LEAVE);
    }

    @Test
    void shouldShowNoColoursToThoseWhoWantNone() {
        assertThat(shown(true, true)).contains("\u001b[36m");
        bytes.reset();
        assertThat(shown(false, true)).doesNotContainPattern("\u001b\\[[0-9;]*m");
    }
}
