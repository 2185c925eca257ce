package io.headwater.cli;

import picocli.CommandLine.Option;

/** {@code --help} of every command. */
class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
