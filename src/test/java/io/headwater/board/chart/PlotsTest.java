package io.headwater.board.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.board.LaneStory;
import io.headwater.board.Mark;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** The charts of a lane in a file and in a terminal. */
class PlotsTest {
    private static final String HOSTILE = "\"'><script>alert(1)</script>&\u0001\uD800";

    @Property(tries = 30)
    void shouldFitATerminal(@ForAll @Size(min = 2, max = 96) List<@DoubleRange(min = 0, max = 1) Double> scores) {
        List<String> lines = TextPlot.of(LaneChartTest.story(scores, List.of()));

        assertThat(lines)
                .hasSize(14)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(lines.get(1)).startsWith(" 100 % │");
    }

    @Test
    void shouldDrawWhatIsHighHighInText() {
        List<String> lines = TextPlot.of(LaneChartTest.story(List.of(1.0, 1.0, 1.0), List.of(drift())));

        assertThat(lines.get(1)).endsWith("│" + "█".repeat(72));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("  ^ drift, 2026-11-30"));
        assertThat(TextPlot.of(LaneChartTest.story(List.of(), List.of())))
                .singleElement()
                .asString()
                .contains("too few");
    }

    @Test
    void shouldWriteADocumentOfItsOwnWithoutWhatStrangersSend() throws Exception {
        LaneStory story = LaneChartTest.story(Collections.nCopies(9, 0.5), List.of(drift()));

        String svg = SvgPlot.of(story);

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(3);
        assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(1);
        assertThat(svg).contains("&lt;script&gt;").doesNotContain("http://localhost");
    }

    /** Pixels where the line must be have its colour. */
    @Test
    void shouldDrawAPicture() {
        BufferedImage image = PicturePlot.of(LaneChartTest.story(Collections.nCopies(9, 1.0), List.of()));

        assertThat(image.getWidth()).isEqualTo(2000);
        assertThat(image.getRGB(1000, 2 * 48 + 1) & 0xffffff).isEqualTo(0x0b5cad);
        assertThat(PicturePlot.of(LaneChartTest.story(List.of(), List.of())).getHeight())
                .isEqualTo(840);
    }

    private static Mark drift() {
        return new Mark(Instant.parse("2026-11-30T10:00:10Z"), Mark.Kind.DRIFT, 0, HOSTILE);
    }
}
