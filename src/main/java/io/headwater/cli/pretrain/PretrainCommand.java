package io.headwater.cli.pretrain;

import io.headwater.cli.console.HelpOption;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headwater pretrain}. */
@Command(
        name = "pretrain",
        description = "Train a small base model on your own data.",
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
            "An interrupted run resumes from its last checkpoint when it is started again with the same options.",
            "With HEADWATER_MODELS=models and --out models/NAME, adaptations can use the model with 'base: NAME'."
        })
public class PretrainCommand implements Runnable {
    @Mixin
    HelpOption help;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out, CommandLine.Help.Ansi.AUTO);
    }
}
