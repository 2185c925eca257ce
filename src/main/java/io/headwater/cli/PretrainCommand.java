package io.headwater.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headwater pretrain}. */
@Command(
        name = "pretrain",
        description = "Make a small base model of your own unlabelled or source-domain data.",
        synopsisSubcommandLabel = "FAMILY",
        subcommands = {
            PretrainBertCommand.class,
            PretrainGptCommand.class,
            PretrainElmoCommand.class,
            PretrainImagesCommand.class,
            PretrainSoundsCommand.class,
            PretrainPolicyCommand.class
        },
        footer = {
            "",
            "A run that was killed goes on from its last checkpoint when it is started again with the same options.",
            "With HEADWATER_MODELS=models, --out models/NAME makes a base model that 'base: NAME' finds."
        })
class PretrainCommand implements Runnable {
    @Mixin
    HelpOption help;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out, CommandLine.Help.Ansi.AUTO);
    }
}
