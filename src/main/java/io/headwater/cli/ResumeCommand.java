package io.headwater.cli;

import io.headwater.domain.Command.Action;
import picocli.CommandLine.Command;

/** {@code headwater resume}. */
@Command(name = "resume", description = "Train a paused lane again, on the samples that come from now on.")
class ResumeCommand extends DecisionCommand {
    @Override
    Integer decide() throws InterruptedException {
        return change(Action.RESUME, "%s learns again");
    }
}
