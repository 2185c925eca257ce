package io.headwater.board.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.board.ClassReport;
import io.headwater.board.CurvePoint;
import io.headwater.board.LaneStory;
import io.headwater.board.LaneView;
import io.headwater.board.LaneView.Learning;
import io.headwater.board.Mark;
import io.headwater.board.Reign;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LaneChartTest {
    private static final Lane SHOP = new Lane("reviews", "shop");
    private static final Instant BEGAN = Instant.parse("2026-11-30T10:00:00Z");

    @Property(tries = 100)
    void shouldStayWithinItsFrame(@ForAll @Size(min = 2, max = 60) List<@DoubleRange(min = 0, max = 1) Double> scores) {
        LaneChart chart = LaneChart.of(story(scores, List.of()));

        for (String path : List.of(chart.champion(), chart.learner(), chart.band())) {
            assertThat(path).matches("M[-0-9. L]+Z?");
            for (String point : path.replace("Z", "").substring(1).split("L")) {
                String[] xy = point.split(" ");
                assertThat(Double.parseDouble(xy[0])).isBetween(0.0, 1000.0);
                assertThat(Double.parseDouble(xy[1])).isBetween(0.0, 100.0);
            }
        }
        String line = Sparkline.of(story(scores, List.of()).lane().curve()).path();
        assertThat(line).matches("M0 [0-9 L]+H500V140H-20Z");
        String[] points = line.substring(1, line.indexOf('H')).split("L");
        assertThat(points).hasSizeLessThanOrEqualTo(Sparkline.POINTS);
        assertThat(points[points.length - 1]).startsWith(Sparkline.WIDTH + " ");
        for (String point : points) {
            assertThat(Integer.parseInt(point.split(" ")[1])).isBetween(0, Sparkline.HEIGHT);
        }
    }

    @Test
    void shouldShowWhatHappenedWhenItDid() {
        LaneChart chart = LaneChart.of(story(
                List.of(0.5, 0.5, 0.5, 0.5, 0.5),
                List.of(
                        new Mark(BEGAN.plusSeconds(10), Mark.Kind.DRIFT, 0, "errors rose"),
                        new Mark(BEGAN.plusSeconds(10), Mark.Kind.WARNING, 0, "not shown"),
                        new Mark(BEGAN.minusSeconds(1), Mark.Kind.DRIFT, 0, "before"))));

        assertThat(chart.pins()).singleElement().satisfies(pin -> {
            assertThat(pin.x()).isEqualTo("25.00");
            assertThat(pin.title()).isEqualTo("drift, 2026-11-30 10:00:10 UTC: errors rose");
        });
        assertThat(chart.bands()).extracting(LaneChart.Band::label).containsExactly("1", "2");
        assertThat(chart.bands()).extracting(LaneChart.Band::width).containsExactly("50.00", "50.00");
        assertThat(chart.bottom()).isEqualTo("40 %");
        assertThat(chart.from()).isEqualTo("10:00:00");
    }

    @Test
    void shouldBeEmptyWithoutScores() {
        assertThat(LaneChart.of(story(List.of(), List.of())).isEmpty()).isTrue();
        assertThat(LaneChart.of(story(List.of(1.0), List.of())).isEmpty()).isTrue();
        assertThat(Sparkline.of(List.of()).text()).isEqualTo("no scores yet");
    }

    static LaneStory story(List<Double> scores, List<Mark> marks) {
        List<CurvePoint> curve = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            curve.add(new CurvePoint(BEGAN.plusSeconds(10L * i), 8, scores.get(i), scores.get(i), 1));
        }
        VersionRef first = new VersionRef(SHOP, 1, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
        VersionRef second = new VersionRef(SHOP, 2, Digest.of(new byte[] {3}), Digest.of(new byte[] {4}));
        LaneView lane =
                new LaneView(SHOP, 1, Learning.LEARNING, BEGAN, "", second, 2, 9, BEGAN, null, null, 0, 0, curve);
        return new LaneStory(
                lane,
                List.of(
                        new Reign(BEGAN, first, DecidedBy.GATE, "the first"),
                        new Reign(BEGAN.plusSeconds(20), second, DecidedBy.GATE, "better")),
                marks,
                List.of(),
                List.of(),
                Map.of(),
                null,
                List.of(),
                ClassReport.NONE);
    }
}
