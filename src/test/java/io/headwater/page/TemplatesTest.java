package io.headwater.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.board.DeadLetter;
import io.headwater.board.InputKind;
import io.headwater.board.Mark;
import io.headwater.board.OpenAsk;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every name, label and text may be that of a stranger. */
class TemplatesTest {
    private static final String HOSTILE = "\"'><script>alert(1)</script>{title}{#include layout}&amp;";
    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    private final Templates templates = new Templates();

    @ParameterizedTest
    @ValueSource(strings = {"outcome", "problem", "answer", "lettertable", "replay", "dialog"})
    void shouldEscapeWhatItInserts(String name) {
        String html = templates.render(
                name,
                Map.of(
                        "kind", HOSTILE,
                        "text", HOSTILE,
                        "title", HOSTILE,
                        "answer", HOSTILE,
                        "version", HOSTILE,
                        "action", HOSTILE,
                        "bars", List.of(Bar.of(HOSTILE, 0.5)),
                        "letters", List.of(LetterLine.of(letter(), NOW))));

        assertHarmless(html);
    }

    @Test
    void shouldEscapeInTheOverview() {
        Map<String, Object> values = new HashMap<>(Map.of("title", HOSTILE, "events", HOSTILE, "q", HOSTILE));
        values.put("assets", new Assets().paths());
        values.put("lanes", List.of());
        for (String number : List.of("found", "all", "shown", "drifting", "asks", "letters")) {
            values.put(number, 0);
        }

        String html = templates.render("overview", values);

        assertHarmless(html);
        assertThat(html).contains("There is no lane yet");
    }

    @Test
    void shouldEscapeRequestsAndMarks() {
        AskLine ask = AskLine.of(
                new OpenAsk(
                        new Lane("a", "<i>"),
                        HOSTILE,
                        NOW,
                        new Label.ClassLabel(HOSTILE),
                        0.5,
                        HOSTILE,
                        0.5,
                        HOSTILE,
                        InputKind.IMAGE,
                        0,
                        1),
                List.of(HOSTILE),
                NOW);
        MarkLine mark = MarkLine.of(new Mark(NOW, Mark.Kind.DECIDED, 1, HOSTILE), NOW);

        assertThat(ask.action()).startsWith("/lanes/a/%3Ci%3E/asks/%22%27%3E%3Cscript%3E");
        assertThat(ask.input()).startsWith("/api/v1/lanes/a/%3Ci%3E/asks/%22%27%3E%3Cscript%3E");
        assertThat(mark.text()).isEqualTo(HOSTILE);
    }

    private static DeadLetter letter() {
        return new DeadLetter("0-1", NOW, Reason.BAD_LABEL, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0, 1, 2, HOSTILE);
    }

    private static void assertHarmless(String html) {
        assertThat(html).doesNotContain("<script>alert").doesNotContain("\"'>");
        assertThat(html.replaceAll("<(no)?script[^>]*>", "")).doesNotContain("<script");
    }
}
