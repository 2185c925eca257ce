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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Writes the section of {@code docs/benchmarks.md} on the learner and its charts from {@code bench/results}. */
final class LearnerPage {
    private static final String BEGIN = "<!-- begin learner -->\n";
    private static final String END = "<!-- end learner -->";
    private static final double WORSE = 0.005;
    private static final double POINT = 0.01;
    private static final Map<String, String> PEERS = new LinkedHashMap<>();

    static {
        PEERS.put("logistic", "logistic regression");
        PEERS.put("lda", "LDA");
        PEERS.put("ridge", "ridge");
        PEERS.put("nearestMean", "nearest mean");
        PEERS.put("neighbours", "nearest neighbours");
    }

    private final List<JsonNode> rows;

    private LearnerPage(JsonNode result) {
        this.rows = StreamSupport.stream(result.path("rows").spliterator(), false).toList();
    }

    /** @param args the folder of the results, the page and the folder of the charts */
    public static void main(String[] args) throws IOException {
        Path page = Path.of(args[1]);
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalStateException("the page must have the begin and end marks of section 'learner'");
        }
        Path file = Path.of(args[0]).resolve("learner.json");
        String section = "Not measured yet.\n";
        if (Files.exists(file)) {
            LearnerPage learner = new LearnerPage(new ObjectMapper().readTree(file.toFile()));
            section = learner.section();
            Path pictures = Files.createDirectories(Path.of(args[2]));
            for (LineChart chart : learner.charts()) {
                Files.writeString(pictures.resolve(fileOf(chart)), chart.svg());
            }
        }
        Files.writeString(page, text.substring(0, from + BEGIN.length()) + section + text.substring(to));
    }

    private static String fileOf(LineChart chart) {
        return "learner-" + chart.title().split("\\W")[0].toLowerCase(Locale.ROOT) + ".svg";
    }

    private String section() {
        StringBuilder section = new StringBuilder();
        section.append("%d seeds.\n\n".formatted(rows.stream().mapToInt(row -> row.path("seed").asInt()).max().orElse(0)));
        section.append(sizes()).append(distances()).append(moreData()).append(peers()).append(orders()).append(streams()).append(judge()).append(modes()).append(coverage());
        for (LineChart chart : charts()) {
            section.append("\n![%s](images/%s)\n".formatted(chart.title(), fileOf(chart)));
        }
        return section.toString();
    }

    private List<LineChart> charts() {
        List<LineChart> charts = new ArrayList<>();
        charts.add(new LineChart(
                "Difference to the best peer by training samples",
                "training samples",
                "points of accuracy",
                true,
                setsOf("sizes").stream().map(this::difference).toList()));
        List<Series> stream = new ArrayList<>();
        for (String order : List.of("shuffled", "sorted")) {
            for (String set : List.of("stsa", "cifar10", "articles")) {
                stream.add(curve(set + ", " + order, row -> is(row, "part", "sizes")
                        && is(row, "set", set) && is(row, "size", "all") && is(row, "order", order)));
            }
        }
        charts.add(new LineChart(
                "Accuracy on the test samples along the stream", "samples learned", "accuracy", false, stream));
        charts.add(new LineChart(
                "Changes: labels rotated in mid-stream, or random for 1,000 samples",
                "samples learned",
                "accuracy on the test samples",
                false,
                List.of(
                        curve("stsa, rotated", row -> is(row, "part", "change") && is(row, "set", "stsa")),
                        curve("cifar10, rotated", row -> is(row, "part", "change") && is(row, "set", "cifar10")),
                        curve("stsa, random", row -> is(row, "part", "poison") && is(row, "set", "stsa")),
                        curve("polarity, random", row -> is(row, "part", "poison") && is(row, "set", "polarity")))));
        return charts;
    }

    private Series curve(String name, Function<JsonNode, Boolean> chosen) {
        JsonNode row = rows.stream()
                .filter(one -> chosen.apply(one) && one.has("curve"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the result must have a curve of " + name));
        List<Point> points = new ArrayList<>();
        row.path("curve").forEach(point ->
                points.add(new Point(point.path(0).asDouble(), point.path(1).asDouble())));
        return new Series(name, points);
    }

    private Series difference(String set) {
        List<Point> points = new ArrayList<>();
        for (String size : sizesOf(set)) {
            List<JsonNode> some = shuffled(set, size);
            points.add(new Point(
                    median(some, row -> row.path("samples").asDouble()), 100 * (accuracy(some) - best(some).accuracy())));
        }
        return new Series(set, points);
    }

    private String sizes() {
        StringBuilder table = new StringBuilder("| set | samples a class | samples | Headwater: accuracy | best peer |"
                + " difference, points | chosen peer | difference, points | Headwater: macro F1 | best peer: macro F1 | Headwater: calibration error |"
                + " LDA: calibration error |\n" + "| --- ".repeat(12) + "|\n");
        for (String set : setsOf("sizes")) {
            for (String size : sizesOf(set)) {
                List<JsonNode> some = shuffled(set, size);
                Best best = best(some);
                table.append("| `%s` | %s | %.0f | **%s** | %.3f, %s | %+.1f | %.3f | %+.1f | %s | %s | %s | %s |\n"
                        .formatted(
                                set,
                                size,
                                median(some, row -> row.path("samples").asDouble()),
                                range(some, row -> row.path("accuracy").asDouble()),
                                best.accuracy(),
                                PEERS.get(best.peer()),
                                100 * (accuracy(some) - best.accuracy()),
                                chosen(some),
                                100 * (accuracy(some) - chosen(some)),
                                number(median(some, row -> row.path("macroF1").asDouble())),
                                number(median(some, row -> ofPeer(row, best.peer()).path("macroF1").asDouble())),
                                number(median(some, row -> row.path("ece").asDouble())),
                                number(median(some, row -> ofPeer(row, "lda").path("ece").asDouble()))));
            }
        }
        return table.toString();
    }

    /** Says how far Headwater is from the best peer in hindsight, and how far a peer chosen without the test set is from it. */
    private String distances() {
        List<Double> ours = new ArrayList<>();
        List<Double> ofChosen = new ArrayList<>();
        List<Double> between = new ArrayList<>();
        for (String set : setsOf("sizes")) {
            for (String size : sizesOf(set)) {
                List<JsonNode> some = shuffled(set, size);
                ours.add(accuracy(some) - best(some).accuracy());
                ofChosen.add(chosen(some) - best(some).accuracy());
                between.add(accuracy(some) - chosen(some));
            }
        }
        return ("\nOver all %d rows, Headwater differs from the best peer by %s on average, and is over one point below it in %d rows. The peer"
                + " that cross-validation chooses differs from the best one by %s, and is over one point below it in %d rows. Headwater"
                + " differs from the chosen peer by %s, and is over one point below it in %d rows.\n")
                .formatted(
                        ours.size(), points(ours), below(ours), points(ofChosen), below(ofChosen), points(between), below(between));
    }

    private static String points(List<Double> differences) {
        return "%+.2f points".formatted(100 * differences.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
    }

    private static long below(List<Double> differences) {
        return differences.stream().filter(one -> one < -POINT).count();
    }

    private static double chosen(List<JsonNode> some) {
        return median(some, row -> ofPeer(row, "chosen").path("accuracy").asDouble());
    }

    /** Names the sets for which more data made the champion worse. */
    private String moreData() {
        List<String> worse = new ArrayList<>();
        for (String set : setsOf("sizes")) {
            double best = 0;
            for (String size : sizesOf(set)) {
                double accuracy = accuracy(shuffled(set, size));
                if (accuracy < best - WORSE) {
                    worse.add("`%s` at %s (%+.1f points)".formatted(set, size, 100 * (accuracy - best)));
                }
                best = Math.max(best, accuracy);
            }
        }
        return "\nSizes at which the accuracy is more than half a point below that of a smaller one: %s.\n"
                .formatted(worse.isEmpty() ? "none" : String.join(", ", worse));
    }

    private String peers() {
        StringBuilder table = new StringBuilder("\n<details><summary>Accuracy of all peers</summary>\n\n| set | samples a class | Headwater |");
        PEERS.values().forEach(name -> table.append(" ").append(name).append(" |"));
        table.append("\n").append("| --- ".repeat(3 + PEERS.size())).append("|\n");
        for (String set : setsOf("sizes")) {
            for (String size : sizesOf(set)) {
                List<JsonNode> some = shuffled(set, size);
                table.append("| `%s` | %s | **%s** |".formatted(set, size, number(accuracy(some))));
                PEERS.keySet().forEach(peer -> table.append(" %s |"
                        .formatted(range(some, row -> ofPeer(row, peer).path("accuracy").asDouble()))));
                table.append("\n");
            }
        }
        return table.append("\n</details>\n").toString();
    }

    private String orders() {
        StringBuilder table = new StringBuilder("\n| set, all samples | shuffled: accuracy | sorted by label |"
                + " domain by domain | shuffled: area under the curve | sorted by label | domain by domain |\n"
                + "| --- ".repeat(7) + "|\n");
        for (String set : setsOf("sizes")) {
            table.append("| `%s` |".formatted(set));
            for (String value : List.of("accuracy", "area")) {
                for (String order : List.of("shuffled", "sorted", "domains")) {
                    List<JsonNode> some = rows("sizes", set).stream()
                            .filter(row -> is(row, "size", "all") && is(row, "order", order))
                            .toList();
                    table.append(" %s |"
                            .formatted(some.isEmpty() ? "" : range(some, row -> row.path(value).asDouble())));
                }
            }
            table.append("\n");
        }
        return table.toString();
    }

    private String streams() {
        StringBuilder table = new StringBuilder(
                "\n| stream | set | Headwater: accuracy | compared with |\n| --- | --- | --- | --- |\n");
        for (String set : setsOf("noise")) {
            List<JsonNode> some = rows("noise", set);
            line(table, "20 % wrong labels", set, some, "ridge %s, best peer %s, %s"
                    .formatted(
                            number(median(some, row -> ofPeer(row, "ridge").path("accuracy").asDouble())),
                            number(best(some).accuracy()),
                            PEERS.get(best(some).peer())));
        }
        for (String set : setsOf("change")) {
            List<JsonNode> some = rows("change", set);
            line(table, "labels rotated in mid-stream", set, some,
                    "a fresh lane from there on %s, best peer from there on %s; 95 %% of the fresh lane's accuracy after %s samples, the fresh lane after %s"
                            .formatted(
                                    number(median(some, row -> row.path("fresh").asDouble())),
                                    number(best(some).accuracy()),
                                    reached(some, "samplesToTarget"),
                                    reached(some, "freshSamplesToTarget")));
        }
        for (String set : setsOf("poison")) {
            List<JsonNode> some = rows("poison", set);
            line(table, "1,000 random labels in mid-stream", set, some, "best peer %s; deepest fall from then on %.1f points"
                    .formatted(
                            number(best(some).accuracy()),
                            100 * median(some, row -> row.path("fallAfterPoison").asDouble())));
        }
        for (String set : setsOf("incremental")) {
            List<JsonNode> some = rows("incremental", set);
            line(table, "two classes at a time", set, some, "LDA of all samples %s, fine-tuning without replay %s"
                    .formatted(
                            number(median(some, row -> ofPeer(row, "lda").path("accuracy").asDouble())),
                            number(median(some, row -> row.path("naive").path("naive").path("accuracy").asDouble()))));
        }
        for (String set : setsOf("domains")) {
            List<JsonNode> some = rows("domains", set);
            table.append(("| four domains, one after another, in one lane | `%s` | %s on a new domain | %s in a lane of its own;"
                            + " forgotten of earlier domains: %s |\n")
                    .formatted(set, shown(some, "newDomain"), shown(some, "newDomainAlone"), points(some, "forgotten")));
            table.append(("| the same in lanes that start from the first | `%s` | %s on a new domain | %s in a lane of its own;"
                            + " forgotten of the first domain: %s |\n")
                    .formatted(
                            set,
                            shown(some, "newDomainFromSource"),
                            shown(some, "newDomainAlone"),
                            points(some, "sourceForgotten")));
        }
        return table.toString();
    }

    private static void line(StringBuilder table, String stream, String set, List<JsonNode> some, String compared) {
        table.append("| %s | `%s` | **%s** | %s |\n"
                .formatted(stream, set, range(some, row -> row.path("accuracy").asDouble()), compared));
    }

    private static String shown(List<JsonNode> some, String value) {
        return range(some, row -> row.path(value).asDouble());
    }

    private static String points(List<JsonNode> some, String value) {
        return "%.1f points".formatted(100 * median(some, row -> row.path(value).asDouble()));
    }

    /** The median number of samples; a run that never reached it counts as more than any. */
    private static String reached(List<JsonNode> some, String value) {
        double median = median(some, row -> {
            double samples = row.path(value).asDouble();
            return samples < 0 ? Double.MAX_VALUE : samples;
        });
        return median == Double.MAX_VALUE ? "more than there were" : "%.0f".formatted(median);
    }

    private String judge() {
        int promotions = 0;
        int worse = 0;
        List<Double> falls = new ArrayList<>();
        for (JsonNode row : rows) {
            if (is(row, "part", "sizes") && is(row, "order", "shuffled")) {
                promotions += row.path("promotions").asInt();
                worse += row.path("worsePromotions").asInt();
                falls.add(row.path("deepestFall").asDouble());
            }
        }
        falls.sort(null);
        return ("\nOver all shuffled streams, %d of %d promotions (%.1f %%) cost more than half a point of accuracy on the"
                        + " test samples. The deepest fall below the best champion so far has a median of %.1f points and a"
                        + " maximum of %.1f points.\n")
                .formatted(
                        worse,
                        promotions,
                        100.0 * worse / Math.max(1, promotions),
                        100 * falls.get(falls.size() / 2),
                        100 * falls.get(falls.size() - 1));
    }

    private String modes() {
        if (setsOf("modes").isEmpty()) {
            return "";
        }
        long seeds = rows.stream()
                .filter(row -> is(row, "part", "modes"))
                .map(row -> row.path("seed").asInt())
                .distinct()
                .count();
        StringBuilder table = new StringBuilder("\nSeeds: " + seeds
                + ". The newest version serves (`promotion.mode: rule`), or versions that have proved"
                + " themselves (`version`). The mean is the accuracy on the test samples over the whole stream; falls are below the"
                + " best champion so far, and a worse promotion costs more than half a point.\n\n"
                + "| stream | set | mode | at the end | mean | deepest fall | promotions | worse promotions |\n"
                + "| --- ".repeat(8) + "|\n");
        for (String stream : List.of("shuffled", "1,000 random labels")) {
            for (String set : setsOf("modes")) {
                for (String mode : List.of("rule", "version")) {
                    List<JsonNode> some = rows("modes", set).stream()
                            .filter(row -> is(row, "stream", stream) && is(row, "mode", mode))
                            .toList();
                    table.append("| %s | `%s` | %s | %s | **%s** | %s | %.0f | %.0f |\n"
                            .formatted(
                                    stream,
                                    set,
                                    mode,
                                    number(median(some, row -> row.path("accuracy").asDouble())),
                                    number(median(some, row -> row.path("area").asDouble())),
                                    points(some, "deepestFall"),
                                    median(some, row -> row.path("promotions").asDouble()),
                                    median(some, row -> row.path("worsePromotions").asDouble())));
                }
            }
        }
        return table.toString();
    }

    private String coverage() {
        if (setsOf("coverage").isEmpty()) {
            return "";
        }
        StringBuilder table = new StringBuilder("\nPrediction sets for a coverage of 0.9. Each sample is asked for before it"
                + " is learned, and answered by the version that serves, with the newest thresholds. The lowest and the"
                + " highest coverage are those of any 2,000 answers in a row, in any seed; other columns are medians. No set"
                + " contains a class that the serving version does not know, and these answers count as not covered.\n\n"
                + "| stream | set | steps for a version | lowest | highest | all answers | accuracy | classes in a set |"
                + " empty sets | class not known |\n" + "| --- ".repeat(10) + "|\n");
        Set<String> streams = new LinkedHashSet<>();
        rows.stream().filter(row -> is(row, "part", "coverage")).forEach(row -> streams.add(row.path("stream").asText()));
        for (String stream : streams) {
            for (String set : setsOf("coverage")) {
                for (int steps : new int[] {10, 50}) {
                    List<JsonNode> some = rows("coverage", set).stream()
                            .filter(row -> is(row, "stream", stream) && row.path("stepsPerVersion").asInt() == steps)
                            .toList();
                    double lowest = some.stream().mapToDouble(row -> row.path("lowest").asDouble()).min().orElse(0);
                    double highest = some.stream().mapToDouble(row -> row.path("highest").asDouble()).max().orElse(0);
                    table.append("| %s | `%s` | %d | **%s** | **%s** | %s | %s | %.2f | %s | %s |\n"
                            .formatted(
                                    stream,
                                    set,
                                    steps,
                                    number(lowest),
                                    number(highest),
                                    number(median(some, row -> row.path("coverage").asDouble())),
                                    number(median(some, row -> row.path("accuracy").asDouble())),
                                    median(some, row -> row.path("setSize").asDouble()),
                                    number(median(some, row -> row.path("empty").asDouble())),
                                    number(median(some, row -> row.path("unknownClass").asDouble()))));
                }
            }
        }
        return table.toString();
    }

    /** The peer with the highest median accuracy. */
    private record Best(String peer, double accuracy) {}

    private static Best best(List<JsonNode> some) {
        Best best = new Best("", -1);
        for (String peer : PEERS.keySet()) {
            double accuracy = median(some, row -> ofPeer(row, peer).path("accuracy").asDouble());
            best = accuracy > best.accuracy() ? new Best(peer, accuracy) : best;
        }
        return best;
    }

    private static JsonNode ofPeer(JsonNode row, String peer) {
        return row.path("peers").path(peer);
    }

    private static double accuracy(List<JsonNode> some) {
        return median(some, row -> row.path("accuracy").asDouble());
    }

    private Set<String> setsOf(String part) {
        Set<String> sets = new LinkedHashSet<>();
        rows.stream().filter(row -> is(row, "part", part)).forEach(row -> sets.add(row.path("set").asText()));
        return sets;
    }

    private Set<String> sizesOf(String set) {
        Set<String> sizes = new LinkedHashSet<>();
        rows("sizes", set).forEach(row -> sizes.add(row.path("size").asText()));
        return sizes;
    }

    private List<JsonNode> rows(String part, String set) {
        return rows.stream().filter(row -> is(row, "part", part) && is(row, "set", set)).toList();
    }

    private List<JsonNode> shuffled(String set, String size) {
        return rows("sizes", set).stream()
                .filter(row -> is(row, "size", size) && is(row, "order", "shuffled"))
                .toList();
    }

    private static boolean is(JsonNode row, String name, String value) {
        return row.path(name).asText().equals(value);
    }

    private static double median(List<JsonNode> some, Function<JsonNode, Double> value) {
        List<Double> values = some.stream().map(value).sorted().toList();
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    /** The median, and the range in parentheses when there is one. */
    private static String range(List<JsonNode> some, Function<JsonNode, Double> value) {
        List<Double> values = some.stream().map(value).sorted().toList();
        String least = number(values.get(0));
        String most = number(values.get(values.size() - 1));
        String median = number(median(some, value));
        return least.equals(most) ? median : "%s (%s to %s)".formatted(median, least, most);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
