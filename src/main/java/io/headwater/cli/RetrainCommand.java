package io.headwater.cli;

import io.headwater.domain.Command.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code headwater retrain}. */
@Command(
        name = "retrain",
        description = "Let a lane begin anew. Its champion serves until a version of the new beginning replaces it.")
class RetrainCommand extends DecisionCommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        return change(Action.RETRAIN, "%s begins anew with its next sample");
    }
}
