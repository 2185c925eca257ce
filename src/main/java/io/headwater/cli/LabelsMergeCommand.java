package io.headwater.cli;

import io.headwater.domain.Command.Action;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headwater labels merge}. */
@Command(
        name = "merge",
        description =
                "Make one class of two: what was learned of the first counts for the second, and later samples of it,"
                        + " too.")
class LabelsMergeCommand extends LabelDecision {
    @Parameters(index = "0", paramLabel = "LABEL", description = "The class that is no longer predicted.")
    String label;

    @Parameters(index = "1", paramLabel = "INTO", description = "The class that it becomes.")
    String into;

    @Override
    Integer decide() throws InterruptedException {
        Changed changed = change(Action.MERGE_LABEL, label, into, List.of());
        output.print(Map.of("lane", lane.key(), "version", changed.version().ref(), "changed", changed.edit()), () -> {
            output.line(
                    "'%s' is '%s' from version %s on",
                    label, into, changed.version().ref());
            printRest(changed);
        });
        return 0;
    }
}
