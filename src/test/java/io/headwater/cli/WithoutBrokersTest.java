package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands say when no broker answers. */
@Timeout(120)
class WithoutBrokersTest {
    /** What each command that connects to brokers needs besides the options of the connection. */
    private static final Map<String, String> ARGUMENTS = Map.ofEntries(
            Map.entry("topics", ""),
            Map.entry("produce", "--data FOLDER/data.tsv --domain shop"),
            Map.entry("play", "--config FOLDER/policy.yaml --domain pole --environment cart-pole"),
            Map.entry("predict", "--domain shop text"),
            Map.entry("label", "--id r1 --domain shop --label good"),
            Map.entry("trace", "r1"),
            Map.entry("versions", ""),
            Map.entry("versions export", "--lane a/shop --out FOLDER/out.onnx"),
            Map.entry("lanes", ""),
            Map.entry("lanes show", "a/shop"),
            Map.entry("lanes plot", "a/shop"),
            Map.entry("asks", "a/shop"),
            Map.entry("compare", "--lane a/shop 1 2"),
            Map.entry("replay", "--lane a/shop"),
            Map.entry("store", ""),
            Map.entry("dead-letters", ""),
            Map.entry("dead-letters show", "0-1"),
            Map.entry("dead-letters replay", ""),
            Map.entry("promote", "--lane a/shop"),
            Map.entry("rollback", "--lane a/shop"),
            Map.entry("pause", "--lane a/shop"),
            Map.entry("resume", "--lane a/shop"),
            Map.entry("retrain", "--lane a/shop"),
            Map.entry("pin", "--lane a/shop"),
            Map.entry("unpin", "--lane a/shop"),
            Map.entry("forget", "--lane a/shop --sample s1"),
            Map.entry("merge", "--lane a/shop --from a/other"),
            Map.entry("labels", "--lane a/shop"),
            Map.entry("labels merge", "--lane a/shop postive positive"),
            Map.entry("labels remove", "--lane a/shop test"),
            Map.entry("labels restore", "--lane a/shop test"));

    @TempDir
    private Path folder;

    private static void collect(CommandSpec spec, String path, List<String> found) {
        if (spec.findOption("--bootstrap-servers") != null) {
            found.add(path.strip());
        }
        spec.subcommands().forEach((name, sub) -> collect(sub.getCommandSpec(), path + " " + name, found));
    }

    /** The commands run at the same time, because each waits. */
    @Test
    void shouldSayOnceThatNoBrokerAnswersInTime() throws Exception {
        Files.writeString(folder.resolve("data.tsv"), "good\ta fine day\n");
        Files.writeString(
                folder.resolve("policy.yaml"),
                "name: policy\ntask: reinforcement-learning\nbase: policy\nlabels: [left, right]\n");
        List<String> commands = new ArrayList<>();
        collect(HeadwaterMain.commandLine(CommandLine.defaultFactory()).getCommandSpec(), "", commands);
        assertThat(commands).hasSameElementsAs(ARGUMENTS.keySet());
        ExecutorService threads = Executors.newCachedThreadPool();
        // Its port is taken as long as the commands run, so that no broker of another test listens there.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String server = "localhost:" + silent.getLocalPort();
            for (Future<Said> said : threads.invokeAll(
                    commands.stream().map(one -> execution(one, server)).toList())) {
                assertThat(said.get()).satisfies(WithoutBrokersTest::isOneMessage);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What a command has said on standard error. */
    private record Said(String command, int code, List<String> lines) {}

    private static void isOneMessage(Said said) {
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.lines())
                .singleElement()
                .asString()
                .startsWith("headwater: the brokers did not answer")
                .contains("in 1 s", "--bootstrap-servers", "--timeout");
    }

    private Callable<Said> execution(String command, String server) {
        List<String> args = new ArrayList<>(Arrays.asList(command.split(" ")));
        Stream.of(ARGUMENTS.getOrDefault(command, "").split(" "))
                .filter(argument -> !argument.isEmpty())
                .map(argument -> argument.replace("FOLDER", folder.toString()))
                .forEach(args::add);
        args.addAll(List.of("--bootstrap-servers", server, "--timeout", "1", "--store"));
        args.add(folder.resolve("artifacts").toString());
        return () -> {
            StringWriter said = new StringWriter();
            int code = HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .setErr(new PrintWriter(said, true))
                    .execute(args.toArray(String[]::new));
            return new Said(command, code, said.toString().lines().toList());
        };
    }
}
