package io.headwater.cli.console;

import picocli.CommandLine.Mixin;

/** Base class of commands that ask the brokers, and wait for them only for as long as {@code --timeout} says. */
public abstract class ConnectedCommand {
    @Mixin
    protected HelpOption help;

    @Mixin
    protected Output output;

    @Mixin
    protected Connection connection;

    @Mixin
    protected TimeLimit time;
}
