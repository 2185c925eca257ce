package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SimulateCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"stationary", "class-incremental", "noise-burst"})
    void shouldPrintOneJsonObject(String scenario) throws Exception {
        JsonNode report = new ObjectMapper()
                .readTree(run("simulate", "--scenario", scenario, "--samples", "1700", "--features", "8", "--json"));

        assertThat(report.path("scenario").asText()).isEqualTo(scenario);
        assertThat(report.path("versions").asInt()).isEqualTo(11);
        assertThat(report.path("points")).hasSize(11);
        assertThat(report.path("points").path(10).path("samples").asInt()).isEqualTo(1700);
        assertThat(report.path("accuracy").asDouble()).isBetween(0.25, 1.0);
        assertThat(report.path("leader").asText()).isNotBlank();
    }

    @Test
    void shouldPrintATableAndWriteAChart(@TempDir Path folder) throws Exception {
        String out = run("simulate", "--samples", "900", "--features", "8", "--out", folder.toString());

        assertThat(out).contains("leading contender", "deepest fall", "suspensions", "rollbacks", "simulate.svg");
        assertThat(Files.readString(folder.resolve("simulate.svg"))).contains("Simulation: stationary");
        assertThat(Files.readString(folder.resolve("contenders.svg"))).contains("Contenders: stationary");
    }

    private static String run(String... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            assertThat(HeadwaterMain.commandLine(CommandLine.defaultFactory()).execute(args))
                    .isZero();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
