package io.headwater.cli;

import io.headwater.cli.console.HelpOption;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwater completion}. */
@Command(
        name = "completion",
        description = "Print a script with which bash and zsh complete commands and options.",
        footer = {
            "",
            "In bash, for this session: source <(headwater completion)",
            "In zsh, also: autoload -U +X bashcompinit && bashcompinit"
        })
class CompletionCommand implements Runnable {
    @Mixin
    HelpOption help;

    @Override
    public void run() {
        CommandLine all = HeadwaterMain.commandLine(CommandLine.defaultFactory());
        System.out.print(AutoComplete.bash(all.getCommandName(), all));
        System.out.flush();
    }
}
