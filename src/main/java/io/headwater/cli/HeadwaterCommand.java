package io.headwater.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headwater}: without a command it shows its help. */
@Command(
        name = "headwater",
        description = "Continuous transfer learning on an event stream.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {
            DemoCommand.class,
            AdaptCommand.class,
            PretrainCommand.class,
            ProduceCommand.class,
            PredictCommand.class,
            PlayCommand.class,
            ModelsCommand.class,
            VersionsCommand.class,
            ReplayCommand.class,
            PromoteCommand.class,
            RollbackCommand.class,
            TopicsCommand.class,
            ServeCommand.class,
            BrokerCommand.class
        },
        footer = {"", "Begin with: headwater demo"})
public class HeadwaterCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out, CommandLine.Help.Ansi.AUTO);
    }
}
