package io.headwater.cli;

import io.headwater.domain.Command.Action;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater rollback}. */
@Command(
        name = "rollback",
        description = "Let an older version serve and hold it: the gate promotes nothing until someone runs 'promote'.")
class RollbackCommand extends DecisionCommand implements Callable<Integer> {
    @Option(names = "--version", paramLabel = "N", description = "The version. Default: the champion before this one.")
    @Nullable
    Long number;

    @Override
    public Integer call() throws InterruptedException {
        return send(Action.ROLLBACK, number);
    }
}
