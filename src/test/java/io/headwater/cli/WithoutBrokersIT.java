package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application without brokers: what a person sees is one message, and nothing of the log of Kafka's clients. */
@Timeout(120)
class WithoutBrokersIT {
    /** Connections to it are refused: it belongs to a protocol that nobody uses, and only root could listen there. */
    private static final int REFUSING = 1;

    @TempDir
    private Path folder;

    @Test
    void shouldPrintOneMessage() throws Exception {
        Path printed = folder.resolve("printed");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar").toString(),
                        "dead-letters",
                        "--bootstrap-servers",
                        "127.0.0.1:" + REFUSING,
                        "--timeout",
                        "2")
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        // The JVM would say that it has read them.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readAllLines(printed))
                .singleElement()
                .asString()
                .startsWith(
                        "headwater: the brokers did not answer all that was asked in 2 s; check --bootstrap-servers");
    }
}
