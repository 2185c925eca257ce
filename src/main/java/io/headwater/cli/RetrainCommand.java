package io.headwater.cli;

import io.headwater.domain.Command.Action;
import picocli.CommandLine.Command;

/** {@code headwater retrain}. */
@Command(
        name = "retrain",
        description = "Let a lane begin anew. Its champion serves until a version of the new beginning replaces it.")
class RetrainCommand extends DecisionCommand {
    @Override
    Integer decide() throws InterruptedException {
        return change(Action.RETRAIN, "%s begins anew with its next sample");
    }
}
