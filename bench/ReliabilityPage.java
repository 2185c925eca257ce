import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Writes the generated section of {@code docs/reliability.md} from {@code soak.json}. */
final class ReliabilityPage {
    private static final String BEGIN = "<!-- begin soak -->\n";
    private static final String END = "<!-- end soak -->";

    private static final Map<String, String> AMOUNTS = rows(
            "faults", "faults",
            "samples", "samples",
            "requests", "requests",
            "badRecords", "bad records",
            "versions", "versions",
            "attempts", "versions that were computed again, compared",
            "artifacts", "artifacts read",
            "replays", "versions rebuilt from the log");

    private static final Map<String, String> FAULTS = rows(
            "samplesLost", "samples that were not learned",
            "samplesTwice", "samples that were learned twice",
            "lineageBroken", "versions that do not follow from the one before",
            "requestsLost", "requests without an answer",
            "requestsTwice", "requests with several answers",
            "outOfOrder", "answers in another order",
            "unknownVersion", "answers of versions that do not exist",
            "wrongDeadLetters", "dead letters of good records",
            "badNotOnce", "bad records without exactly one dead letter",
            "artifactsMissing", "artifacts missing or damaged",
            "attemptsDiffer", "versions computed again with other bytes",
            "replaysDiffer", "versions rebuilt with other bytes",
            "transactionsOpen", "transactions left open",
            "ended", "processes that ended by themselves");

    private ReliabilityPage() {}

    /** @param args the folder of the results and the page */
    public static void main(String[] args) throws IOException {
        Path result = Path.of(args[0], "soak.json");
        Path page = Path.of(args[1]);
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalStateException("the page must have the begin and end marks of section 'soak'");
        }
        String section =
                Files.exists(result) ? section(new ObjectMapper().readTree(result.toFile())) : "Not measured yet.\n";
        Files.writeString(page, text.substring(0, from + BEGIN.length()) + section + text.substring(to));
    }

    private static String section(JsonNode result) {
        JsonNode phases = result.path("phases");
        StringBuilder table = new StringBuilder("|");
        phases.forEach(phase -> table.append(" | ").append(phase.path("phase").asText()));
        table.append(" |\n| ---").append(" | ---".repeat(phases.size())).append(" |\n");
        AMOUNTS.forEach((key, name) -> row(table, name, phases, Function.identity(), key));
        FAULTS.forEach((key, name) -> row(table, name, phases, number -> "**" + number + "**", key));
        table.append("\nSeed %s, %s kills, %s minutes, %s lanes on %s partitions. The brokers acknowledged %s records.%s\n"
                .formatted(
                        result.path("seed").asText(),
                        result.path("kills").asText(),
                        result.path("minutes").asText(),
                        result.path("lanes").asText(),
                        result.path("partitions").asText(),
                        result.path("recordsAcknowledged").asText(),
                        result.path("mounts").asBoolean()
                                ? ""
                                : " The disk could not fill up, because no file system could be mounted."));
        JsonNode machine = result.path("machine");
        return table.append("\nMeasured on: cpu %s, cpus %s, memory %s, java.version %s, load.before %s.\n"
                        .formatted(
                                machine.path("cpu").asText(),
                                machine.path("cpus").asText(),
                                machine.path("memory").asText(),
                                machine.path("java.version").asText(),
                                machine.path("load.before").asText()))
                .toString();
    }

    private static void row(
            StringBuilder table, String name, JsonNode phases, Function<String, String> shown, String key) {
        table.append("| ").append(name);
        phases.forEach(phase -> table.append(" | ").append(shown.apply(phase.path(key).asText())));
        table.append(" |\n");
    }

    private static Map<String, String> rows(String... keysAndNames) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (int i = 0; i < keysAndNames.length; i += 2) {
            rows.put(keysAndNames[i], keysAndNames[i + 1]);
        }
        return rows;
    }
}
