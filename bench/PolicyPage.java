import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.standalone.LineChart;
import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the section of {@code docs/benchmarks.md} on policies and its chart from {@code bench/results/policy.json}. */
final class PolicyPage {
    private static final String BEGIN = "<!-- begin policy -->\n";
    private static final String END = "<!-- end policy -->";

    private PolicyPage() {}

    /** @param args the folder of the results, the page and the folder of the charts */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0], "policy.json");
        Path page = Path.of(args[1]);
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalStateException("the page must have the begin and end marks of section 'policy'");
        }
        String section = "Not measured yet.\n";
        if (Files.exists(file)) {
            JsonNode result = new ObjectMapper().readTree(file.toFile());
            section = section(result);
            Files.writeString(Files.createDirectories(Path.of(args[2])).resolve("policy.svg"), chart(result).svg());
        }
        Files.writeString(page, text.substring(0, from + BEGIN.length()) + section + text.substring(to));
    }

    private static String section(JsonNode result) {
        StringBuilder changes = new StringBuilder();
        result.path("changed")
                .properties()
                .forEach(change -> changes.append(changes.isEmpty() ? "" : ", ")
                        .append(change.getKey())
                        .append(' ')
                        .append(change.getValue().asText()));
        StringBuilder table = new StringBuilder(
                "| seed | episodes of pre-training | return before the change | return after the change |"
                        + " episodes to the target, adapted | episodes to the target, from scratch |\n"
                        + "| --- | --- | --- | --- | --- | --- |\n");
        String never = "more than " + result.path("episodes").asInt();
        for (JsonNode run : result.path("runs")) {
            table.append("| %s | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            run.path("seed").asText(),
                            run.path("episodesBefore").asText(),
                            number(run.path("returnBefore")),
                            number(run.path("returnOfOldPolicy")),
                            run.path("episodesAdapted").asText(never).replace("null", never),
                            run.path("episodesFromScratch").asText(never).replace("null", never)));
        }
        table.append("| median | | | | **%s** | %s |\n"
                .formatted(
                        median(result, "medianEpisodesAdapted", never),
                        median(result, "medianEpisodesFromScratch", never)));
        return table
                + "\nThe changed physics: %s. The target is a mean return of %s over %s greedy episodes; the maximum is %s.\n"
                        .formatted(
                                changes,
                                number(result.path("targetReturn")),
                                result.path("episodesPerEvaluation").asText(),
                                number(result.path("mostReturn")))
                + "\n![Number of seeds that reached the target return by episodes played](images/policy.svg)\n";
    }

    /** The median; runs that did not reach the target count as one episode more than they played. */
    private static String median(JsonNode result, String name, String never) {
        double median = result.path(name).asDouble();
        return median < result.path("episodes").asInt() ? number(result.path(name)) : never;
    }

    private static LineChart chart(JsonNode result) {
        return new LineChart(
                "A policy after a change of the physics",
                "episodes played after the change",
                "seeds (of " + result.path("runs").size() + ") that reached the target",
                false,
                List.of(series(result, "adapted", "episodesAdapted"), series(result, "from scratch", "episodesFromScratch")));
    }

    private static Series series(JsonNode result, String name, String key) {
        List<Point> points = new ArrayList<>();
        for (int episode = 0; episode <= result.path("episodes").asInt(); episode++) {
            int reached = 0;
            for (JsonNode run : result.path("runs")) {
                reached += run.path(key).isInt() && run.path(key).asInt() <= episode ? 1 : 0;
            }
            points.add(new Point(episode, reached));
        }
        return new Series(name, points);
    }

    private static String number(JsonNode value) {
        double number = value.asDouble();
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.1f", number);
    }
}
