package io.headwater.testing;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.FileHandler;

/** Writes the log output of brokers and clients during the tests to {@code target/tests.log}. */
final class TestLog {
    private static final Path FILE = Path.of("target", "tests.log");

    private TestLog() {}

    static void open() {
        Logger root = LogContext.getLogContext().getLogger("");
        try {
            FileHandler handler = new FileHandler(
                    new PatternFormatter("%d{HH:mm:ss.SSS} %-5p %c{1} [%t] %s%e%n"), FILE.toFile(), true);
            handler.setAutoFlush(true);
            root.setHandlers(new java.util.logging.Handler[] {handler});
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
        root.setLevel(Level.WARN);
    }
}
