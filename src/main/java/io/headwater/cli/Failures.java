package io.headwater.cli;

import io.headwater.cli.console.Printable;
import io.headwater.config.ConfigurationException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jboss.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Prints the error message of a failed command; the stack trace goes to the log. After a fault in the command line it names the
 * help instead of printing it, because the message would scroll out of sight.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final Logger LOG = Logger.getLogger(Failures.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        String message = Printable.lines("headwater: " + message(failure));
        command.getErr().println(command.getColorScheme().errorText(message));
        command.getErr().flush();
        LOG.debug("command-failed", failure);
        return failure instanceof ConfigurationException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public int handleParseException(ParameterException fault, String[] args) {
        CommandLine command = fault.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText(Printable.lines("headwater: " + fault.getMessage())));
        UnmatchedArgumentException.printSuggestions(fault, err);
        err.printf("See '%s --help'.%n", command.getCommandSpec().qualifiedName());
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** Returns what went wrong; the message of an exception about a file is only its path. */
    static String message(Throwable failure) {
        Throwable cause = failure.getCause();
        String message = failure.getMessage();
        if (cause != null && cause.toString().equals(message)) { // it only wraps its cause
            return message(cause);
        }
        if (failure instanceof FileSystemException file) {
            return "'%s' %s".formatted(file.getFile(), fault(file));
        }
        return message == null ? failure.toString() : message;
    }

    private static String fault(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "does not exist";
        } else if (failure instanceof FileAlreadyExistsException) {
            return "exists already";
        } else if (failure instanceof AccessDeniedException) {
            return "cannot be read or written by this user; check its permissions";
        } else if (failure instanceof NotDirectoryException) {
            return "must be a folder, but is none";
        } else if (failure instanceof DirectoryNotEmptyException) {
            return "must be empty, but is not";
        }
        String reason = failure.getReason();
        return "cannot be used: " + (reason == null ? failure.getClass().getSimpleName() : reason);
    }
}
