package io.headwater.cli;

import io.headwater.domain.Command.Action;
import picocli.CommandLine.Command;

/** {@code headwater pause}. */
@Command(
        name = "pause",
        description = "Stop training a lane. It still scores its samples and serves, and passes the samples over.")
class PauseCommand extends DecisionCommand {
    @Override
    Integer decide() throws InterruptedException {
        return change(Action.PAUSE, "%s is paused; 'headwater resume' ends the pause");
    }
}
