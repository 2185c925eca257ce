package io.headwater.cli.models;

import io.headwater.cli.console.HelpOption;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headwater models}; without a subcommand it prints its help. */
@Command(
        name = "models",
        description = "Inspect files of pre-trained models, and manage installed base models.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelsInspectCommand.class,
            ModelsAddCommand.class,
            ModelsListCommand.class,
            ModelsVerifyCommand.class
        })
public class ModelsCommand implements Runnable {
    @Mixin
    HelpOption help;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out, CommandLine.Help.Ansi.AUTO);
    }
}
