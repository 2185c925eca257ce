package io.headwater.cli;

import io.headwater.domain.Command.Action;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater promote}. */
@Command(
        name = "promote",
        description =
                "Make a version the champion, and let the gate decide about later ones, also after a rollback or a pin.")
class PromoteCommand extends DecisionCommand implements Callable<Integer> {
    @Option(names = "--version", paramLabel = "N", description = "The version. Default: the newest.")
    @Nullable
    Long number;

    @Override
    public Integer call() throws InterruptedException {
        return serve(Action.PROMOTE, number);
    }
}
