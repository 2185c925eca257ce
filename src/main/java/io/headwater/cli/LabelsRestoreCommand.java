package io.headwater.cli;

import io.headwater.domain.Command.Action;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headwater labels restore}. */
@Command(
        name = "restore",
        description =
                "Let later samples of a class that was merged or removed be of this class again. What was learned of"
                        + " it before does not come back.")
class LabelsRestoreCommand extends LabelDecision {
    @Parameters(paramLabel = "LABEL", description = "The class.")
    String label;

    @Override
    Integer decide() throws InterruptedException {
        Changed changed = change(Action.RESTORE_LABEL, label, "", List.of());
        output.print(
                Map.of("lane", lane.key(), "version", changed.version().ref(), "changed", changed.edit()),
                () -> output.line(
                        "'%s' is a class again from version %s on",
                        label, changed.version().ref()));
        return 0;
    }
}
