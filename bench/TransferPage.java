import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.standalone.LineChart;
import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the section of {@code docs/benchmarks.md} on transfer learning and its charts from {@code bench/results}. */
final class TransferPage {
    private static final String BEGIN = "<!-- begin transfer -->\n";
    private static final String END = "<!-- end transfer -->";
    private static final Map<String, String> ARMS = new LinkedHashMap<>();

    static {
        ARMS.put("adapted", "adapted");
        ARMS.put("probe", "linear probe");
        ARMS.put("scratch", "from scratch");
        ARMS.put("majority", "majority");
    }

    private TransferPage() {}

    /** @param args the folder of the results, the page and the folder of the charts */
    public static void main(String[] args) throws IOException {
        List<JsonNode> results = results(Path.of(args[0]));
        Path page = Path.of(args[1]);
        Path pictures = Files.createDirectories(Path.of(args[2]));
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalStateException("the page must have the begin and end marks of section 'transfer'");
        }
        for (JsonNode result : results) {
            Files.writeString(pictures.resolve(text(result, "name") + ".svg"), chart(result).svg());
        }
        Files.writeString(page, text.substring(0, from + BEGIN.length()) + section(results) + text.substring(to));
    }

    private static List<JsonNode> results(Path folder) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("transfer-"))
                    .sorted()
                    .toList()) {
                results.add(new ObjectMapper().readTree(file.toFile()));
            }
        }
        return results;
    }

    private static String section(List<JsonNode> results) {
        if (results.isEmpty()) {
            return "Not measured yet.\n";
        }
        StringBuilder table = new StringBuilder("| task | metric | samples | steps | adapted | linear probe | from scratch |"
                + " majority | better than from scratch, at least as good as the probe |\n" + "| --- ".repeat(9) + "|\n");
        StringBuilder details = new StringBuilder();
        for (JsonNode result : results) {
            for (JsonNode row : result.path("rows")) {
                table.append("| %s | `%s` | %s | %s | **%s** | %s | %s | %s | %s |\n"
                        .formatted(
                                text(result, "task"),
                                text(result, "metric") + (result.has("also") ? "`, `" + text(result, "also") : ""),
                                text(row, "samples"),
                                text(row, "steps"),
                                score(row, "adapted"),
                                score(row, "probe"),
                                score(row, "scratch"),
                                row.has("majority") ? score(row, "majority") : "",
                                verdict(row, result.path("lessIsBetter").asBoolean())));
            }
            details.append(details(result));
        }
        return table + "\n" + details;
    }

    private static String score(JsonNode row, String arm) {
        JsonNode score = row.path(arm);
        String median = number(score, "median") + (score.has("also") ? ", " + number(score, "also") : "");
        return number(score, "least").equals(number(score, "most"))
                ? median
                : "%s (%s to %s)".formatted(median, number(score, "least"), number(score, "most"));
    }

    private static String verdict(JsonNode row, boolean lessIsBetter) {
        double sign = lessIsBetter ? -1 : 1;
        double adapted = sign * row.path("adapted").path("median").asDouble();
        String scratch = adapted > sign * row.path("scratch").path("median").asDouble() ? "yes" : "no";
        boolean isProbe = text(row.path("settings"), "adapted").equals(text(row.path("settings"), "probe"));
        String probe = isProbe
                ? "same as the probe"
                : adapted >= sign * row.path("probe").path("median").asDouble() ? "yes" : "no";
        return scratch + ", " + probe;
    }

    private static String details(JsonNode result) {
        StringBuilder details = new StringBuilder("### %s\n\n%s: %s. Tested on %s samples.\n\n"
                .formatted(
                        text(result, "title"),
                        text(result, "task"),
                        text(result, "about"),
                        text(result.path("rows").path(0), "testSamples")));
        for (JsonNode row : result.path("rows")) {
            JsonNode settings = row.path("settings");
            details.append("* With %s samples: adapted %s; linear probe %s; from scratch %s.\n"
                    .formatted(
                            text(row, "samples"),
                            setting(settings, "adapted"),
                            setting(settings, "probe").replace("linear-probe, ", ""),
                            setting(settings, "scratch")));
        }
        if (!result.path("tried").isEmpty()) {
            details.append("\n<details><summary>Settings tried on held-out training samples</summary>\n\n"
                    + "| samples | model | setting | `%s` |\n".formatted(text(result, "metric"))
                    + "| --- ".repeat(4) + "|\n");
            for (JsonNode each : result.path("tried")) {
                details.append("| %s | %s | %s | %s |\n"
                        .formatted(
                                text(each, "samples"),
                                text(each, "model"),
                                setting(each, "setting"),
                                number(each, "heldBack")));
            }
            details.append("\n</details>\n");
        }
        return details.append("\n![%s: %s by number of training samples](images/%s.svg)\n\n"
                        .formatted(text(result, "title"), text(result, "metric"), text(result, "name")))
                .toString();
    }

    private static LineChart chart(JsonNode result) {
        List<Series> series = new ArrayList<>();
        ARMS.forEach((arm, name) -> {
            List<Point> points = new ArrayList<>();
            for (JsonNode row : result.path("rows")) {
                if (row.has(arm)) {
                    points.add(new Point(
                            row.path("samples").asDouble(), row.path(arm).path("median").asDouble()));
                }
            }
            if (!points.isEmpty()) {
                series.add(new Series(name, points));
            }
        });
        return new LineChart(text(result, "title"), "training samples", text(result, "metric"), true, series);
    }

    /** A setting in words: {@code everything} means that all blocks are trained, and rates are learning rates. */
    private static String setting(JsonNode node, String key) {
        return text(node, key).replace("everything", "all blocks").replaceAll("(?<!top )rate", "learning rate");
    }

    private static String number(JsonNode node, String key) {
        return String.format(Locale.ROOT, "%.3f", Double.parseDouble(text(node, key)));
    }

    /** A missing value is an error, so that a page is never written with gaps. */
    private static String text(JsonNode node, String key) {
        if (!node.hasNonNull(key)) {
            throw new IllegalStateException("the result must have '" + key + "', but is " + node);
        }
        return node.get(key).asText();
    }
}
