package io.headwater.cli;

import io.headwater.domain.Command.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headwater pin}. */
@Command(
        name = "pin",
        description = "Let a version serve until 'unpin' or 'promote' is run; the gate promotes no version until then.")
class PinCommand extends DecisionCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "VERSION",
            description = "Number of the version. Default: the version that serves.")
    @Nullable
    Long number;

    @Override
    Integer decide() throws InterruptedException {
        return serve(Action.PIN, number);
    }
}
