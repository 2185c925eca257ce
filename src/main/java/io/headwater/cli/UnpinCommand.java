package io.headwater.cli;

import io.headwater.domain.Command.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code headwater unpin}. */
@Command(name = "unpin", description = "Let the gate decide again which version serves, after 'pin' or 'rollback'.")
class UnpinCommand extends DecisionCommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        return serve(Action.UNPIN, null);
    }
}
