package io.headwater.cli;

import io.headwater.cli.console.Connection;
import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.LaneConverter;
import io.headwater.cli.console.Output;
import io.headwater.cli.console.TimeLimit;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater versions}. */
@Command(
        name = "versions",
        description = "List the versions of lanes and which of them serve.",
        subcommands = ExportCommand.class)
class VersionsCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    Connection connection;

    @Mixin
    TimeLimit time;

    @Option(
            names = "--lane",
            paramLabel = "ADAPTATION/DOMAIN",
            converter = LaneConverter.class,
            description = "Only this lane.")
    @Nullable
    Lane lane;

    @Override
    public Integer call() throws Exception {
        Found found = time.within(this::find);
        List<ModelVersion> versions = found.versions();
        Map<Lane, Serving> serving = found.serving();
        output.print(Map.of("versions", versions, "serving", serving), () -> {
            for (ModelVersion version : versions) {
                Serving champion = serving.get(version.ref().lane());
                boolean serves = champion != null && champion.version().equals(version.ref());
                output.line(
                        "%s %-32s %s  parent %-6s %6d samples  %s  %s",
                        serves ? "*" : " ",
                        version.ref(),
                        version.ref().artifact().abbreviated(),
                        parent(version),
                        version.lineage().samples(),
                        version.createdAt(),
                        version.labels());
            }
            output.line("%d versions; * serves", versions.size());
        });
        return 0;
    }

    private record Found(List<ModelVersion> versions, Map<Lane, Serving> serving) {}

    private Found find() {
        Predicate<Lane> wanted = lane == null ? any -> true : lane::equals;
        RuntimeSettings settings = connection.settings();
        LaneLog log = new LaneLog(connection.clients(settings), connection.codec(settings));
        return new Found(log.versions(wanted), log.serving(wanted));
    }

    private static String parent(ModelVersion version) {
        var parent = version.lineage().parent();
        return parent == null
                ? "none"
                : parent.lane().equals(version.ref().lane()) ? Long.toString(parent.number()) : parent.toString();
    }
}
