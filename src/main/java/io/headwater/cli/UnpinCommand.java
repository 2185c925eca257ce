package io.headwater.cli;

import io.headwater.domain.Command.Action;
import picocli.CommandLine.Command;

/** {@code headwater unpin}. */
@Command(name = "unpin", description = "Let the gate decide again which version serves, after 'pin' or 'rollback'.")
class UnpinCommand extends DecisionCommand {
    @Override
    Integer decide() throws InterruptedException {
        return serve(Action.UNPIN, null);
    }
}
