package io.headwater.cli;

import io.headwater.domain.Command.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater promote}. */
@Command(
        name = "promote",
        description =
                "Make a version the champion, and let the gate decide about later ones, also after a rollback or a pin.")
class PromoteCommand extends DecisionCommand {
    @Option(names = "--version", paramLabel = "N", description = "The version. Default: the newest.")
    @Nullable
    Long number;

    @Override
    Integer decide() throws InterruptedException {
        return serve(Action.PROMOTE, number);
    }
}
