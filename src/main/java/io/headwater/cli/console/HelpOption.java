package io.headwater.cli.console;

import picocli.CommandLine.Option;

/** The option {@code --help} of all commands. */
public class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
