package io.headwater.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the rules and dashboards to the documented metrics, which another test holds to those that are served. */
class MonitoringFilesTest {
    private static final Path RULES = Path.of("monitoring/rules.yaml");
    private static final Path RULES_TEST = Path.of("monitoring/rules-test.yaml");
    private static final Path OPERATIONS = Path.of("docs/operations.md");
    private static final Pattern METRIC = Pattern.compile("\\b(?:headwater|kafka)_[a-z_]+");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern RECORDED = Pattern.compile("lane:headwater_[a-z_]+:\\w+");

    @ParameterizedTest
    @ValueSource(strings = {"rules.yaml", "rules-test.yaml", "grafana-lanes.json", "grafana-processes.json"})
    void shouldNameOnlyMetricsThatAreDocumented(String file) throws IOException {
        String text =
                RECORDED.matcher(Files.readString(Path.of("monitoring", file))).replaceAll("");
        Set<String> documented = found(METRIC, Files.readString(OPERATIONS));

        assertThat(found(METRIC, text)).isNotEmpty().isSubsetOf(documented);
    }

    @Test
    void shouldRecordWhatRulesAndDashboardsReadOfRecordings() throws IOException {
        String rules = Files.readString(RULES);
        Set<String> recorded = Pattern.compile("- record: (\\S+)")
                .matcher(rules)
                .results()
                .map(one -> one.group(1))
                .collect(Collectors.toSet());

        assertThat(found(RECORDED, rules + Files.readString(Path.of("monitoring/grafana-lanes.json"))))
                .containsExactlyInAnyOrderElementsOf(recorded);
    }

    @Test
    void shouldExplainAndTestEveryAlert() throws IOException {
        List<String> alerts = alerts(Files.readString(RULES));
        String page = Files.readString(OPERATIONS);
        String tests = Files.readString(RULES_TEST);

        assertThat(alerts).isNotEmpty().doesNotHaveDuplicates();
        assertThat(Pattern.compile("(?m)^\\| `(Headwater\\w+)` \\| [^|]+ \\| [^|]+ \\|$")
                        .matcher(page)
                        .results()
                        .map(row -> row.group(1)))
                .containsExactlyElementsOf(alerts);
        assertThat(alerts)
                .allSatisfy(alert -> assertThat(tests)
                        .contains("alertname: " + alert + "\n", "alertname: " + alert + ", exp_alerts: []"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grafana-lanes.json", "grafana-processes.json"})
    void shouldHaveDashboardsWhosePanelsSayWhatTheyShow(String file) throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(Path.of("monitoring", file).toFile());
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").intValue())).isTrue();
            assertThat(panel.get("title").textValue()).isNotBlank();
            assertThat(panel.get("description").textValue()).endsWith(".");
            assertThat(panel.get("targets"))
                    .isNotEmpty()
                    .allSatisfy(
                            target -> assertThat(target.get("expr").textValue()).isNotBlank());
        }
        assertThat(ids).hasSizeGreaterThan(5);
    }

    /** Skipped where promtool is not installed. */
    @Test
    void shouldPassTheTestsOfPrometheus() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
                "promtool, of the package prometheus, is not installed");

        for (List<String> command : List.of(
                List.of("promtool", "check", "rules", RULES.toString()),
                List.of("promtool", "test", "rules", RULES_TEST.toString()))) {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor()).as(said).isZero();
        }
    }

    private static List<String> alerts(String rules) {
        return ALERT.matcher(rules).results().map(one -> one.group(1)).toList();
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(one -> one.group()).collect(Collectors.toSet());
    }
}
