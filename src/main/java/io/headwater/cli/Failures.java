package io.headwater.cli;

import io.headwater.config.ConfigurationException;
import org.jboss.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Prints the error message of a failed command; the stack trace goes to the log. */
final class Failures implements IExecutionExceptionHandler {
    private static final Logger LOG = Logger.getLogger(Failures.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        command.getErr().println(command.getColorScheme().errorText("headwater: " + message));
        command.getErr().flush();
        LOG.debug("command-failed", failure);
        return failure instanceof ConfigurationException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
