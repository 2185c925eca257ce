package io.headwater.board.chart;

import io.headwater.board.LaneStory;
import io.headwater.board.Reign;
import io.headwater.board.VersionRow;
import io.headwater.domain.VersionRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The newest versions of a lane as a graph: one node for each, from left to right in the order in which they were made, with a line from
 * the version that it was trained from. A version that was not trained from its predecessor begins a row of its own.
 *
 * @param width in pixels
 * @param height in pixels
 * @param nodes in the order of their versions
 */
public record LineageChart(int width, int height, List<Node> nodes) {
    private static final int STEP = 44;
    private static final int ROW = 46;
    private static final int MARGIN = 30;

    /** What a version has to do with serving. */
    public enum Role {
        /** It serves. */
        SERVING,
        /** It served before. */
        SERVED,
        /** It never served, as far as is known. */
        NEVER
    }

    /**
     * A version.
     *
     * @param x of its centre
     * @param y of its centre
     * @param edge path from the version that it was trained from; empty when it was begun untrained
     * @param isFromElsewhere whether that version is not in the chart: it is older, or of another lane
     * @param title what is known of it
     */
    public record Node(long number, int x, int y, Role role, String edge, boolean isFromElsewhere, String title) {
        /** Returns what it has to do with serving, as a word. */
        public String kind() {
            return role.name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the graph of the newest versions of a lane, {@code most} at most. */
    public static LineageChart of(LaneStory story, int most) {
        List<VersionRow> all = story.versions();
        List<VersionRow> versions = all.subList(Math.max(0, all.size() - most), all.size());
        Set<VersionRef> served =
                story.reigns().stream().map(Reign::version).collect(Collectors.toCollection(HashSet::new));
        VersionRef serving = story.lane().serving();
        Map<VersionRef, Node> placed = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        List<@Nullable VersionRef> ends = new ArrayList<>();
        for (VersionRow version : versions) {
            int row = row(ends, version.parent());
            ends.set(row, version.ref());
            int x = MARGIN + STEP * (1 + nodes.size());
            int y = MARGIN + ROW * row;
            Node parent = version.parent() == null ? null : placed.get(version.parent());
            Role role = version.ref().equals(serving)
                    ? Role.SERVING
                    : served.contains(version.ref()) ? Role.SERVED : Role.NEVER;
            Node node = new Node(
                    version.ref().number(),
                    x,
                    y,
                    role,
                    edge(version, parent, x, y),
                    version.parent() != null && parent == null,
                    title(version, role));
            placed.put(version.ref(), node);
            nodes.add(node);
        }
        return new LineageChart(
                2 * MARGIN + STEP * (1 + nodes.size()), 2 * MARGIN + ROW * Math.max(0, ends.size() - 1), nodes);
    }

    /** Returns whether there is nothing to draw. */
    public boolean isEmpty() {
        return nodes.isEmpty();
    }

    /** Returns the row that ends with {@code parent}, or else a new one. */
    private static int row(List<@Nullable VersionRef> ends, @Nullable VersionRef parent) {
        int row = parent == null ? -1 : ends.indexOf(parent);
        if (row >= 0) {
            return row;
        }
        ends.add(null);
        return ends.size() - 1;
    }

    private static String edge(VersionRow version, @Nullable Node parent, int x, int y) {
        if (version.parent() == null) {
            return "";
        }
        int fromX = parent == null ? x - STEP : parent.x();
        int fromY = parent == null ? y : parent.y();
        return fromY == y
                ? "M%d %dL%d %d".formatted(fromX, fromY, x, y)
                : "M%d %dC%d %d %d %d %d %d".formatted(fromX, fromY, fromX, y, fromX, y, x, y);
    }

    private static String title(VersionRow version, Role role) {
        VersionRef parent = version.parent();
        String origin = parent == null
                ? "begun untrained"
                : "trained from "
                        + (parent.lane().equals(version.ref().lane())
                                ? "version " + parent.number()
                                : parent.toString());
        String serving = switch (role) {
            case SERVING -> "; it serves";
            case SERVED -> "; it served before";
            case NEVER -> "";
        };
        return "version %d, %s on %d samples, made %s%s"
                .formatted(
                        version.ref().number(), origin, version.samples(), Figures.time(version.createdAt()), serving);
    }
}
