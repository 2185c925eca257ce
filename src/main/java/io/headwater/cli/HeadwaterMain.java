package io.headwater.cli;

import io.headwater.cli.console.CommandLogs;
import io.headwater.cli.console.ServiceDefaults;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The entry point of the process. Only the service starts Quarkus, which takes seconds; the other commands use nothing of it but its
 * configuration.
 */
@QuarkusMain
public final class HeadwaterMain {
    private HeadwaterMain() {}

    /** Runs the command line {@code args} and ends the process with its exit code. */
    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals(ServeCommand.NAME)) {
            Quarkus.run(Service.class, args);
        } else {
            IFactory factory = CommandLine.defaultFactory();
            System.exit(commandLine(factory, args)
                    .setExecutionStrategy(new CommandLogs())
                    .execute(args));
        }
    }

    /** Creates the command line with all commands, which {@code factory} instantiates. */
    static CommandLine commandLine(IFactory factory) {
        CommandLine line = new CommandLine(HeadwaterCommand.class, factory);
        HeadwaterCommand.COMMANDS.forEach(line::addSubcommand);
        return configured(line);
    }

    /**
     * Creates the command line for {@code args}. Of commands that they do not name, it has only names and descriptions, because to read
     * the options of all takes longer than to print the help of one.
     */
    static CommandLine commandLine(IFactory factory, String... args) {
        CommandLine line = new CommandLine(HeadwaterCommand.class, factory);
        for (Class<?> command : HeadwaterCommand.COMMANDS) {
            Command named = command.getAnnotation(Command.class);
            if (args.length > 0 && args[0].equals(named.name())) {
                line.addSubcommand(command);
            } else {
                CommandSpec spec = CommandSpec.create().name(named.name());
                spec.usageMessage().description(named.description());
                line.addSubcommand(named.name(), new CommandLine(spec, factory));
            }
        }
        return configured(line);
    }

    private static CommandLine configured(CommandLine line) {
        Failures failures = new Failures();
        return line.setDefaultValueProvider(new ServiceDefaults())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
