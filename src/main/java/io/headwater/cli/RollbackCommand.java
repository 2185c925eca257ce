package io.headwater.cli;

import io.headwater.domain.Command.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater rollback}. */
@Command(
        name = "rollback",
        description =
                "Make an older version the champion and hold the lane: the gate promotes no version until 'promote' or 'unpin' is run.")
class RollbackCommand extends DecisionCommand {
    @Option(names = "--version", paramLabel = "N", description = "The version. Default: the previous champion.")
    @Nullable
    Long number;

    @Override
    Integer decide() throws InterruptedException {
        return serve(Action.ROLLBACK, number);
    }
}
