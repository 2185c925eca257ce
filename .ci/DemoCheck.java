import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holds the result of "./headwater demo --once --json", the last line of a file, to what the demo promises. */
public class DemoCheck {
    private static final double GAIN = 0.10;
    private static final List<String> FIELDS = List.of("adaptation", "domains", "changes", "versions", "samples", "deadLetters", "seconds");
    private static final List<String> ACCURACIES =
            List.of("accuracyBeforeShift", "accuracyAtShift", "accuracyAfterAdaptation", "accuracyUnadapted");

    private final List<String> faults = new ArrayList<>();
    private int shifted;

    public static void main(String[] args) throws Exception {
        List<String> lines = Files.readAllLines(Path.of(args[0]));
        DemoCheck check = new DemoCheck();
        check.report(new ObjectMapper().readTree(lines.get(lines.size() - 1)));
        check.faults.forEach(fault -> System.err.println("demo: " + fault));
        System.exit(check.faults.isEmpty() ? 0 : 1);
    }

    private void report(JsonNode report) {
        FIELDS.forEach(field -> require(report.has(field), "field " + field + " is missing"));
        require(report.path("versions").asInt() > 0, "no version was published");
        require(report.path("deadLetters").asInt(-1) == 0, "there were dead letters");
        report.path("domains").forEach(this::domain);
        require(shifted >= 2, "there must be two shifted domains, but there are " + shifted);
        JsonNode wrong = change(report, "wrong");
        require(wrong.path("drifts").asInt() > 0, "wrong labels must be noticed");
        require(wrong.path("refused").asInt() > 0, "versions must be refused while labels are wrong");
        require(
                wrong.path("accuracyAtLast").asDouble() >= wrong.path("accuracyAtFirst").asDouble() - 0.10,
                "wrong labels must not cost 10 points, but " + wrong);
        JsonNode exchanged = change(report, "exchanged");
        require(exchanged.path("accuracyAtLast").asDouble() >= 0.6, "an exchange must be followed, but " + exchanged);
        JsonNode returned = change(report, "returned");
        require(returned.path("rollbacks").asInt() > 0, "an earlier version must serve again, but " + returned);
        require(returned.path("accuracyAtLast").asDouble() >= 0.6, "the return must be followed, but " + returned);
        require(returned.path("contenders").size() >= 3, "contenders must race, but " + returned);
    }

    private JsonNode change(JsonNode report, String name) {
        for (JsonNode change : report.path("changes")) {
            if (change.path("change").asText().equals(name)) {
                System.out.printf(
                        "%s: accuracy from %.2f to %.2f, %s drifts, %s refused, %s rollbacks%n",
                        name,
                        change.path("accuracyAtFirst").asDouble(),
                        change.path("accuracyAtLast").asDouble(),
                        change.path("drifts"),
                        change.path("refused"),
                        change.path("rollbacks"));
                return change;
            }
        }
        require(false, "change " + name + " is missing");
        return report.path(name);
    }

    private void domain(JsonNode domain) {
        String name = domain.path("domain").asText();
        for (String field : ACCURACIES) {
            double value = domain.path(field).asDouble(-1);
            require(value >= 0 && value <= 1, name + "." + field + " must be from 0 to 1, but is " + domain.path(field));
        }
        if (domain.path("shifted").asBoolean()) {
            shifted++;
            double gain = domain.path("accuracyAfterAdaptation").asDouble() - domain.path("accuracyUnadapted").asDouble();
            System.out.printf("%s: adaptation gains %.1f points%n", name, 100 * gain);
            require(gain >= GAIN, "adaptation to " + name + " must gain 10 points, but gains " + 100 * gain);
        }
    }

    private void require(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }
}
