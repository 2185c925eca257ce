package io.headwater.cli;

import io.headwater.domain.Command.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code headwater resume}. */
@Command(name = "resume", description = "Train a paused lane again, on the samples that come from now on.")
class ResumeCommand extends DecisionCommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        return change(Action.RESUME, "%s learns again");
    }
}
