package io.headwater.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.bench.Cli;
import io.headwater.bench.models.ModelTrial;
import io.headwater.bench.models.ModelTrial.Beside;
import io.headwater.bench.models.ModelTrial.Extent;
import io.headwater.engine.GeneratedModels;
import io.headwater.engine.graph.TestGraphModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * Tests base models of many families: each is inspected, added, divided, adapted through a broker, replayed and
 * exported.
 */
class ModelTrialIT {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    @Timeout(300)
    void shouldTakeAModelAllTheWay(GeneratedModels model) throws Exception {
        requireWhole(model.write(folder));
    }

    @Test
    @Timeout(300)
    void shouldTakeADeeplearning4jModelAllTheWay() throws Exception {
        requireWhole(Files.write(folder.resolve("net.zip"), TestGraphModels.policyZip()));
    }

    @Test
    void shouldSayWhyAModelCannotBeTried() throws IOException {
        Path file = Files.writeString(folder.resolve("text.onnx"), "no model");

        Map<String, Object> report = ModelTrial.of(
                ModelTrialIT::run, file, Beside.NOTHING, Files.createDirectory(folder.resolve("work")), Extent.QUICK);

        assertThat(report)
                .containsOnlyKeys("model", "fault", "steps")
                .hasEntrySatisfying(
                        "fault",
                        fault -> assertThat((String) fault)
                                .contains("no format that is known")
                                .doesNotContain(folder.toString()));
    }

    private void requireWhole(Path file) throws Exception {
        Map<String, Object> report = ModelTrial.of(
                ModelTrialIT::run, file, Beside.NOTHING, Files.createDirectory(folder.resolve("work")), Extent.QUICK);

        assertThat(report.keySet())
                .as(report.toString())
                .noneMatch(key -> key.toLowerCase(java.util.Locale.ROOT).endsWith("fault"));
        assertThat(report).containsEntry("replay", "same");
        assertThat(Double.parseDouble((String) requireNonNull(report.get("exported"))))
                .isLessThan(TOLERANCE);
        Map<?, ?> parity = (Map<?, ?>) requireNonNull(report.get("parity"));
        assertThat((Integer) parity.get("compared")).isPositive();
        if (parity.containsKey("samePrecision")) {
            assertThat(number(parity, "samePrecision")).isLessThan(TOLERANCE);
        } else {
            assertThat(number(parity, "random")).isLessThan(TOLERANCE);
            assertThat(number(parity, "real")).isLessThan(TOLERANCE);
            assertThat(Double.parseDouble((String) requireNonNull(report.get("untrained"))))
                    .isLessThan(TOLERANCE);
        }
    }

    private static double number(Map<?, ?> report, String key) {
        return Double.parseDouble((String) requireNonNull(report.get(key)));
    }

    /** Runs a command like {@link Cli}, in this process. */
    private static String run(List<String> arguments) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringWriter errors = new StringWriter();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            int code = HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .setErr(new PrintWriter(errors, true))
                    .execute(arguments.toArray(String[]::new));
            if (code != 0) {
                throw new IOException(errors.toString().strip());
            }
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
