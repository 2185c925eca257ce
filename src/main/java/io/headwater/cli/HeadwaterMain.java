package io.headwater.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import picocli.CommandLine;

/** Where the process begins. */
@QuarkusMain
public class HeadwaterMain implements QuarkusApplication {
    @Inject
    CommandLine.IFactory factory;

    /** Runs the command line {@code args}. */
    public static void main(String[] args) {
        // Only a service answers over HTTP; the other commands must not take a port.
        if (args.length == 0 || !args[0].equals(ServeCommand.NAME)) {
            System.setProperty("quarkus.http.host-enabled", "false");
        }
        Quarkus.run(HeadwaterMain.class, args);
    }

    @Override
    public int run(String... args) {
        return commandLine(factory).execute(args);
    }

    /** The command line with all commands, made by {@code factory}. */
    static CommandLine commandLine(CommandLine.IFactory factory) {
        return new CommandLine(HeadwaterCommand.class, factory)
                .setExecutionExceptionHandler(new Failures())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
