package io.headwater.cli;

import io.headwater.domain.Command.Action;
import io.headwater.domain.Limits;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.lane.LaneLabels;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headwater labels remove}. */
@Command(
        name = "remove",
        description =
                "Remove a class: it is no longer predicted, later samples of it become dead letters, and its samples"
                        + " that are still on the topic are taken out of what was learned.")
class LabelsRemoveCommand extends LabelDecision {
    @Parameters(paramLabel = "LABEL", description = "The class.")
    String label;

    /** First no more samples are learned, so that those that are found then are all. */
    @Override
    Integer decide() throws InterruptedException {
        Changed changed = change(Action.REMOVE_LABEL, label, "", List.of());
        RuntimeSettings settings = connection.settings();
        LaneLabels labels = LabelsCommand.labels(connection, settings, lane);
        List<Long> offsets = labels.contained(label);
        for (int from = 0; from < offsets.size(); from += Limits.OFFSETS) {
            int to = Math.min(from + Limits.OFFSETS, offsets.size());
            changed = change(Action.REMOVE_LABEL, label, "", offsets.subList(from, to));
        }
        Changed last = changed;
        output.print(
                Map.of(
                        "lane", lane.key(),
                        "taken", offsets.size(),
                        "version", last.version().ref(),
                        "changed", last.edit()),
                () -> {
                    output.line(
                            "'%s' is removed from version %s on, and %d of its samples are taken out",
                            label, last.version().ref(), offsets.size());
                    printRest(last);
                });
        return 0;
    }
}
