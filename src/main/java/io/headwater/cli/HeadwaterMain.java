package io.headwater.cli;

import io.headwater.cli.console.ServiceDefaults;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import picocli.CommandLine;

/** The entry point of the process. */
@QuarkusMain
public class HeadwaterMain implements QuarkusApplication {
    @Inject
    CommandLine.IFactory factory;

    /** Runs the command line {@code args}. */
    public static void main(String[] args) {
        // Only the service has an HTTP server; the other commands must not open a port.
        if (args.length == 0 || !args[0].equals(ServeCommand.NAME)) {
            System.setProperty("quarkus.http.host-enabled", "false");
        }
        Quarkus.run(HeadwaterMain.class, args);
    }

    @Override
    public int run(String... args) {
        return commandLine(factory).execute(args);
    }

    /** Creates the command line with all commands, which {@code factory} instantiates. */
    static CommandLine commandLine(CommandLine.IFactory factory) {
        Failures failures = new Failures();
        return new CommandLine(HeadwaterCommand.class, factory)
                .setDefaultValueProvider(new ServiceDefaults())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
