package io.headwater.cli;

import io.headwater.cli.demo.DemoCommand;
import io.headwater.cli.lanes.LanesCommand;
import io.headwater.cli.letters.DeadLettersCommand;
import io.headwater.cli.models.ModelsCommand;
import io.headwater.cli.pretrain.PretrainCommand;
import io.headwater.cli.requests.AsksCommand;
import io.headwater.cli.requests.LabelCommand;
import io.headwater.cli.requests.TraceCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headwater}; without a subcommand it prints its help. */
@Command(
        name = "headwater",
        description = "Fine-tunes pre-trained models continuously from a stream of samples in Kafka.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was done",
            "1:something failed or was refused; standard error says what",
            "2:the command line or a configuration file is wrong; nothing was done"
        },
        footer = {"", "To get started, run: headwater demo"})
public class HeadwaterCommand implements Runnable {
    /** All commands, in the order of the help. */
    public static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            AdaptCommand.class,
            PretrainCommand.class,
            ProduceCommand.class,
            PredictCommand.class,
            LabelCommand.class,
            TraceCommand.class,
            PlayCommand.class,
            SimulateCommand.class,
            ModelsCommand.class,
            LanesCommand.class,
            AsksCommand.class,
            VersionsCommand.class,
            CompareCommand.class,
            ReplayCommand.class,
            PromoteCommand.class,
            RollbackCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            RetrainCommand.class,
            ForgetCommand.class,
            MergeCommand.class,
            LabelsCommand.class,
            DeadLettersCommand.class,
            StoreCommand.class,
            TopicsCommand.class,
            ServeCommand.class,
            BrokerCommand.class,
            CompletionCommand.class);

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out, CommandLine.Help.Ansi.AUTO);
    }
}
