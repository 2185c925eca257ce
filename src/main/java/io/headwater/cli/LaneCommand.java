package io.headwater.cli;

import io.headwater.cli.console.Connection;
import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.LaneConverter;
import io.headwater.cli.console.Output;
import io.headwater.domain.Lane;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Base class of commands for one lane. */
abstract class LaneCommand {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    Connection connection;

    @Option(
            names = "--lane",
            required = true,
            paramLabel = "ADAPTATION/DOMAIN",
            converter = LaneConverter.class,
            description = "The lane.")
    Lane lane;
}
