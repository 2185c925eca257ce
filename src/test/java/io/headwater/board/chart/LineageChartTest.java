package io.headwater.board.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.board.LaneStory;
import io.headwater.board.VersionRow;
import io.headwater.board.chart.LineageChart.Node;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The graph of the versions of a lane. */
class LineageChartTest {
    private static final Lane SHOP = new Lane("reviews", "shop");

    @Test
    void shouldBranchWhereAVersionWasNotTrainedFromTheOneBeforeIt() {
        // 3 was trained from 1, after 2 was rolled back; 4 goes on with 3, and 5 began anew.
        LineageChart chart = LineageChart.of(lineage(0, 1, 1, 3, 0), 9);

        assertThat(chart.nodes()).extracting(Node::number).containsExactly(1L, 2L, 3L, 4L, 5L);
        List<Integer> rows = chart.nodes().stream().map(Node::y).toList();
        assertThat(rows.get(1)).isEqualTo(rows.get(0));
        assertThat(rows.get(2)).isGreaterThan(rows.get(1)).isEqualTo(rows.get(3));
        assertThat(rows.get(4)).isGreaterThan(rows.get(3));
        assertThat(chart.nodes().get(4).edge()).isEmpty();
        assertThat(chart.nodes())
                .extracting(Node::kind)
                .containsExactly("served", "serving", "never", "never", "never");
        assertThat(chart.nodes().get(2).title())
                .startsWith("version 3, trained from version 1 on 8 samples, made 2026");
    }

    /** {@code parents} are numbers of versions before each one, or 0 for one that was begun untrained. */
    @Property(tries = 60)
    void shouldJoinEachVersionWithTheOneItWasTrainedFrom(
            @ForAll @Size(max = 40) List<@IntRange(max = 40) Integer> parents,
            @ForAll @IntRange(min = 1, max = 50) int most) {
        List<Integer> earlier = new ArrayList<>();
        parents.forEach(parent -> earlier.add(parent % (earlier.size() + 1)));
        LineageChart chart = LineageChart.of(
                lineage(earlier.stream().mapToInt(Integer::intValue).toArray()), most);

        int shown = Math.min(most, earlier.size());
        assertThat(chart.nodes()).hasSize(shown);
        assertThat(chart.nodes().stream().map(node -> node.x() + "," + node.y()).collect(Collectors.toSet()))
                .hasSize(shown);
        for (Node node : chart.nodes()) {
            assertThat(node.x()).isBetween(0, chart.width());
            assertThat(node.y()).isBetween(0, chart.height());
            int parent = earlier.get((int) node.number() - 1);
            chart.nodes().stream()
                    .filter(other -> other.number() == parent)
                    .findFirst()
                    .ifPresentOrElse(
                            from -> assertThat(node.edge()).startsWith("M%d %d".formatted(from.x(), from.y())),
                            () -> assertThat(node.isFromElsewhere()).isEqualTo(parent != 0));
            assertThat(node.edge().isEmpty()).isEqualTo(parent == 0);
        }
    }

    private static LaneStory lineage(int... parents) {
        LaneStory story = LaneChartTest.story(List.of(), List.of());
        List<VersionRow> versions = new ArrayList<>();
        for (int i = 0; i < parents.length; i++) {
            versions.add(new VersionRow(
                    ref(i + 1),
                    parents[i] == 0 ? null : ref(parents[i]),
                    Instant.parse("2026-11-30T10:00:00Z"),
                    8,
                    8L * i,
                    2,
                    0));
        }
        return new LaneStory(
                story.lane(),
                story.reigns(),
                story.marks(),
                story.verdicts(),
                versions,
                story.contenders(),
                story.coverage(),
                story.labels(),
                story.answers());
    }

    /** The first two are those that serve one after the other in {@link LaneChartTest#story}. */
    private static VersionRef ref(int number) {
        return new VersionRef(
                SHOP, number, Digest.of(new byte[] {(byte) (2 * number - 1)}), Digest.of(new byte[] {(byte) (2 * number)
                }));
    }
}
