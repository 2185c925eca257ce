package io.headwater.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @MethodSource("commands")
    void shouldExplainEveryCommandAndEachOfItsOptions(String name) {
        assertThat(run(name, "--help")).isZero();

        assertThat(out.toString()).startsWith("Usage: headwater " + name);
        CommandLine command = requireNonNull(commandLine().getSubcommands().get(name));
        for (OptionSpec option : command.getCommandSpec().options()) {
            assertThat(out.toString()).contains(option.longestName());
            assertThat(String.join(" ", option.description()).replaceFirst("Default: .*", ""))
                    .as("what %s of %s is", option.longestName(), name)
                    .isNotBlank();
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldListItsCommands() {
        assertThat(run("--help")).isZero();

        assertThat(commands())
                .contains("demo", "produce", "adapt", "versions", "replay", "predict", "promote", "rollback", "topics")
                .contains("serve")
                .allSatisfy(name -> assertThat(out.toString()).contains("  " + name));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldHaveTheSameHelpAsThoughAllCommandsWereRead(String name) {
        CommandLine.IFactory factory = CommandLine.defaultFactory();
        CommandLine read = HeadwaterMain.commandLine(factory, name, "--help");

        assertThat(read.getUsageMessage()).isEqualTo(commandLine().getUsageMessage());
        assertThat(requireNonNull(read.getSubcommands().get(name)).getUsageMessage())
                .isEqualTo(
                        requireNonNull(commandLine().getSubcommands().get(name)).getUsageMessage());
    }

    @Test
    void shouldSuggestACommandThatIsNearAMistypedOne() {
        assertThat(run("version")).isEqualTo(CommandLine.ExitCode.USAGE);

        assertThat(err.toString()).contains("Did you mean", "headwater versions");
    }

    @Test
    void shouldPrintACompletionThatBashReads(@TempDir Path folder) throws Exception {
        PrintStream standard = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            assertThat(run("completion")).isZero();
        } finally {
            System.setOut(standard);
        }
        Path script = folder.resolve("completion");
        Files.write(script, printed.toByteArray());
        String question =
                "source " + script + "; COMP_WORDS=(headwater labels merge --top); COMP_CWORD=3; COMP_LINE='x';"
                        + " _complete_headwater; echo ${COMPREPLY[*]}";
        Process bash = new ProcessBuilder("bash", "-c", question)
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8)).contains("--topics-prefix");
    }

    @Test
    void shouldExplainItsExitCodes() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString())
                .containsPattern(
                        "(?s)Exit codes:\\s+0\\s+everything was done\\s+1\\s+something failed.*2\\s+the command line");
    }

    @Test
    void shouldSayWhichReleaseItIs() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("headwater ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "demo --nonsense",
                "demo --rate fast",
                "demo --rate 0 --once",
                "demo --rate -1 --once",
                "produce --data x --domain d --rate -1",
                "produce --data x --domain d --skip -1",
                "produce --data x --domain d --task nonsense",
                "produce --data x --domain d --label 0",
                "produce --data x --domain d --task text-classification --image file",
                "produce --data x --domain d --image file --text words",
                "produce --data x --domain d --task question-answering --numbers",
                "adapt",
                "adapt --config a.yaml --train b.tsv",
                "produce --domain d",
                "produce --data x --domain a/b",
                "produce --data x",
                "produce --data x --labels y --domain d",
                "predict --domain d --id r1 one two",
                "predict --domain d --id r1 --id r1 one two",
                "label --id r1 --label good",
                "label --id r1 --domain d",
                "label --domain d --label good",
                "label --id r1 --domain d --label good --task reinforcement-learning",
                "trace",
                "trace r1 --since soon",
                "predict some text",
                "predict --domain d",
                "predict --domain a/b text",
                "replay",
                "replay --lane no-slash",
                "versions --lane no-slash",
                "versions --late --at 7d",
                "promote --lane a/b --version two",
                "promote --lane /b",
                "rollback --lane a/",
                "lanes show",
                "lanes show shop",
                "lanes --timeout soon",
                "compare --lane a/b 1",
                "compare 1 2",
                "forget --lane a/b",
                "merge --lane a/b",
                "pin 1",
                "pin --lane a/b one",
                "unpin",
                "pause --lane a/b 3",
                "resume --lane",
                "retrain",
                "topics --partitions many",
                "simulate --scenario nonsense",
                "simulate --classes 1",
            })
    void shouldEndWithTwoWhenItIsUsedWrongly(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);

        // The help of a command is longer than a terminal, so that the message would scroll out of sight.
        assertThat(err.toString().lines())
                .hasSizeBetween(1, 3)
                .first()
                .asString()
                .startsWith("headwater: ");
        assertThat(err.toString()).doesNotContain("Usage:");
    }

    @Test
    void shouldNameTheHelpOfTheCommandThatWasUsedWrongly() {
        assertThat(run("labels", "merge", "--lane", "a/b", "one")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "headwater: Missing required parameter: 'INTO'", "See 'headwater labels merge --help'.");
    }

    @Test
    void shouldSuggestTheCommandThatWasMeant() {
        assertThat(run("adpt")).isEqualTo(2);
        assertThat(err.toString()).contains("Did you mean", "adapt", "See 'headwater --help'.");
    }

    @Test
    void shouldSayInWordsWhatIsWrongWithALane() {
        assertThat(run("replay", "--lane", "shop")).isEqualTo(2);

        assertThat(err.toString()).contains("--lane").contains("lane must be 'adaptation/domain', but is 'shop'");
    }

    /** The clients alone would wait for a minute. */
    @ParameterizedTest
    @ValueSource(strings = {"predict --domain d text", "pause --lane a/b", "promote --lane a/b", "lanes"})
    @Timeout(20)
    void shouldEndInTimeWhenTheBrokersAreAway(String line) {
        assertThat(run((line + " --bootstrap-servers 127.0.0.1:1 --timeout 1").split(" ")))
                .isEqualTo(1);

        assertThat(err.toString()).contains("the brokers did not answer", "in 1 s", "--bootstrap-servers");
    }

    @Test
    void shouldListEveryFaultOfAConfigurationAndEndWithTwo(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("a.yaml"), "name: x y\ntask: juggling\n");

        assertThat(run("adapt", "--config", config.toString(), "--train", "none.tsv", "--test", "none.tsv"))
                .isEqualTo(2);

        assertThat(err.toString()).contains("a.yaml:1:", "a.yaml:2:", "base");
    }

    @Test
    void shouldSayWhichDataAreMissingAndEndWithOne(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("a.yaml"), "name: x\ntask: text-classification\nbase: minilm\n");
        Path out = folder.resolve("out");

        assertThat(run(
                        "adapt",
                        "--config",
                        config.toString(),
                        "--train",
                        "none.tsv",
                        "--test",
                        "none.tsv",
                        "--out",
                        out.toString()))
                .isEqualTo(1);

        assertThat(err.toString()).contains("headwater: data 'none.tsv' does not exist");
        assertThat(out).doesNotExist();
    }

    static Stream<String> commands() {
        return commandLine().getSubcommands().keySet().stream();
    }

    private static CommandLine commandLine() {
        return HeadwaterMain.commandLine(CommandLine.defaultFactory());
    }

    private int run(String... args) {
        return HeadwaterMain.commandLine(CommandLine.defaultFactory(), args)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
