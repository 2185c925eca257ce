package io.headwater.cli;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.Connection;
import io.headwater.cli.console.LaneConverter;
import io.headwater.domain.Lane;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.lane.LaneLabels;
import io.headwater.ops.lane.LaneLabels.Row;
import io.headwater.store.FileArtifactStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater labels}. */
@Command(
        name = "labels",
        description = "List the classes of a lane, how many samples they have, and when the newest came.",
        subcommands = {LabelsMergeCommand.class, LabelsRemoveCommand.class, LabelsRestoreCommand.class})
class LabelsCommand extends ConnectedCommand implements Callable<Integer> {
    @Option(
            names = "--lane",
            paramLabel = "ADAPTATION/DOMAIN",
            converter = LaneConverter.class,
            description = "The lane; required.")
    @Nullable
    Lane lane;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Lane wanted = lane;
        if (wanted == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--lane=ADAPTATION/DOMAIN'");
        }
        List<Row> rows = time.within(
                () -> labels(connection, connection.settings(), wanted).all());
        output.print(Map.of("lane", wanted.key(), "labels", rows), () -> {
            rows.forEach(row -> output.line("%s", line(row)));
            output.line("%d labels of %s", rows.size(), wanted);
        });
        return 0;
    }

    static LaneLabels labels(Connection connection, RuntimeSettings settings, Lane lane) {
        return new LaneLabels(
                connection.clients(settings),
                connection.codec(settings),
                new FileArtifactStore(settings.store(), AdaptationRuntime.MAX_ARTIFACT_BYTES),
                lane);
    }

    private static String line(Row row) {
        String state = row.state().name().toLowerCase(Locale.ROOT);
        return "%-32s %-24s %9s learned %9d on the topic  last seen %s"
                .formatted(
                        row.label(),
                        row.into() == null ? state : state + " into " + row.into(),
                        row.learned() == null ? "?" : row.learned(),
                        row.onTopic(),
                        row.lastSeen() == null ? "-" : row.lastSeen());
    }
}
