package io.headwater.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.cli.console.TerminalSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoPanelTest {
    private static final List<String> ACTS = List.of("bike-shop", "hotel", "clinic", "wrong", "exchanged", "returned");

    private enum Charset {
        UNICODE,
        ASCII
    }

    private static DemoPanel full(Glyphs glyphs) {
        DemoPanel panel = new DemoPanel(glyphs);
        panel.stage("the teams of the hotel have their former work again");
        for (String act : ACTS) {
            panel.begin(act, 400);
            for (int count = 1; count <= 400; count++) {
                panel.answered(act, "Wo ist das Zimmer? 部屋はどこですか。 ".repeat(9), true, "demo/bike-shop@123", 0.9, count);
            }
            panel.note(act + ": refused: " + "it makes more errors than the one that serves ".repeat(3));
        }
        panel.version("version demo/bike-shop@123 " + "does not serve because of its errors ".repeat(4));
        panel.serving("predictor answers bike-shop with demo/bike-shop@123");
        return panel;
    }

    private static List<String> text(DemoPanel panel, int columns, int rows) {
        return panel.lines(new TerminalSize(columns, rows)).stream()
                .map(AttributedString::toString)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Charset.class)
    void shouldFitATerminalOfAnySize(Charset charset) {
        DemoPanel panel = full(charset == Charset.ASCII ? Glyphs.ASCII : Glyphs.UNICODE);
        for (int columns = 1; columns <= 200; columns++) {
            for (int rows : new int[] {1, 2, 5, 10, 24, 60}) {
                List<AttributedString> lines = panel.lines(new TerminalSize(columns, rows));
                int room = Math.max(1, columns - 1);
                assertThat(lines).hasSizeBetween(1, Math.max(1, rows - 1));
                assertThat(lines)
                        .allSatisfy(line -> assertThat(line.columnLength())
                                .as(line.toString())
                                .isLessThanOrEqualTo(room));
            }
        }
    }

    @Test
    void shouldShowEverythingAtTheUsualSize() {
        List<String> lines = text(full(Glyphs.UNICODE), 80, 24);

        assertThat(lines).hasSize(1 + ACTS.size() + 5 + 3);
        assertThat(lines.get(0)).isEqualTo("Headwater  the teams of the hotel have their former work again");
        assertThat(lines.get(1))
                .startsWith("bike-shop ████████████ 400/400  90 % ")
                .endsWith(" demo/bike-shop@123");
        assertThat(lines).last().isEqualTo("predictor answers bike-shop with demo/bike-shop@123");
    }

    /** The second act has more than a thousand questions. */
    @Test
    void shouldLeaveEverythingInItsColumnAsItCounts() {
        DemoPanel panel = new DemoPanel(Glyphs.UNICODE);
        panel.begin("hotel", 1260);
        panel.answered("hotel", "", true, "demo/hotel@7", 0.4, 9);
        String first = text(panel, 80, 24).get(1);
        panel.answered("hotel", "", true, "demo/hotel@7", 1, 1260);
        String last = text(panel, 80, 24).get(1);

        assertThat(first).contains("    9/1260  40 % ");
        assertThat(last).contains(" 1260/1260 100 % ");
        assertThat(last.indexOf("demo/")).isEqualTo(first.indexOf("demo/"));
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 40, 60})
    void shouldKeepTheNumbersOfANarrowTerminal(int columns) {
        assertThat(text(full(Glyphs.UNICODE), columns, 24).get(1)).contains("bike-shop ", " 400/400 ");
    }

    @Test
    void shouldKeepWhatHappensNowOnALowTerminal() {
        List<String> lines = text(full(Glyphs.UNICODE), 80, 8);

        assertThat(lines).hasSize(7);
        assertThat(lines.get(0)).startsWith("Headwater");
        assertThat(lines.get(3)).startsWith("returned");
        assertThat(lines).last().isEqualTo("predictor answers bike-shop with demo/bike-shop@123");
    }

    @Test
    void shouldDrawInAsciiWhereTheTerminalHasNothingElse() {
        DemoPanel panel = new DemoPanel(Glyphs.of(StandardCharsets.US_ASCII));
        panel.begin("hotel", 48);
        for (int count = 1; count <= 24; count++) {
            panel.answered("hotel", "a question", false, "demo/hotel@1", count / 24.0, count);
        }

        assertThat(text(panel, 80, 24))
                .allSatisfy(line -> assertThat(
                                StandardCharsets.US_ASCII.newEncoder().canEncode(line))
                        .isTrue())
                .contains("x a question")
                .anyMatch(line -> line.startsWith("hotel     ######......  24/48  100 % ____"));
    }

    @Test
    void shouldShowActsOfManyQuestions() {
        DemoPanel panel = new DemoPanel(Glyphs.UNICODE);
        panel.begin("clinic*", 1260);
        panel.answered("clinic*", "", true, "demo/clinic-at-once@1234", 1, 1260);

        assertThat(text(panel, 80, 24).get(1))
                .startsWith("clinic*   ████████████ 1260/1260 100 % ")
                .endsWith(" demo/clinic-at-once@1234");
    }

    /** The answers of an act that only counts leave the question of another one. */
    @Test
    void shouldKeepTheQuestionWhereThereIsNone() {
        DemoPanel panel = new DemoPanel(Glyphs.UNICODE);
        panel.begin("hotel", 10);
        panel.begin("hotel*", 10);
        panel.answered("hotel", "Is there a pool?", false, "demo/hotel@1", 0, 1);
        panel.answered("hotel*", "", true, "demo/hotel-at-once@1", 1, 1);

        assertThat(text(panel, 80, 24)).last().isEqualTo("✗ Is there a pool?");
    }

    @Test
    void shouldNotObeyControlCharactersInMessages() {
        DemoPanel panel = new DemoPanel(Glyphs.UNICODE);
        panel.version("version \u001b[2J");

        assertThat(text(panel, 80, 24)).contains("version \\u001b[2J");
    }
}
