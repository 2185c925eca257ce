package io.headwater.cli;

import io.headwater.cli.console.LaneConverter;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Lane;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.ops.CommandDispatch;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater merge}. */
@Command(
        name = "merge",
        description =
                "Add what a version of another lane has learned to a lane, exactly, if both are computed in closed form. The other lane does not change.")
class MergeCommand extends DecisionCommand {
    @Option(
            names = "--from",
            required = true,
            paramLabel = "ADAPTATION/DOMAIN",
            converter = LaneConverter.class,
            description = "The other lane.")
    Lane from;

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "The version of the other lane. Default: its newest one.")
    @Nullable
    Long number;

    @Override
    Integer decide() throws InterruptedException {
        RuntimeSettings settings = connection.settings();
        Clients clients = connection.clients(settings);
        LaneLog log = new LaneLog(clients, connection.codec(settings));
        VersionRef other = version(log, from, number);
        TrainerState state =
                carryOut(new CommandDispatch(clients, connection.codec(settings)), Action.MERGE, other, "", List.of());
        ModelVersion version = published(log, state.version());
        MergedVersion merged = Objects.requireNonNull(version.lineage().merged(), "the version merges another one");
        output.print(Map.of("lane", lane.key(), "version", version.ref(), "merged", merged), () -> {
            output.line("version %s contains what %s has learned%s", version.ref(), merged.version(), since(merged));
            output.line(
                    "'headwater promote --lane %s' lets version %d serve at once",
                    lane, version.ref().number());
        });
        return 0;
    }

    private static String since(MergedVersion merged) {
        return merged.since() == null ? "" : " since " + merged.since();
    }
}
