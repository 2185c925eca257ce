package io.headwater.cli.console;

import picocli.CommandLine.Option;

/** {@code --help} of every command. */
public class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
