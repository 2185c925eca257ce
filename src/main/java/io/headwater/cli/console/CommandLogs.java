package io.headwater.cli.console;

import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Runs a command with the log of the service: the same levels and format, to standard error, from the same settings
 * ({@code quarkus.log…}). Help is printed without preparing a log.
 */
public final class CommandLogs implements IExecutionStrategy {
    private static final Pattern CATEGORY = Pattern.compile("quarkus\\.log\\.category\\.\"(.+)\"\\.level");

    /** Strong references, because the log manager may otherwise forget the level of a logger that nothing refers to. */
    private static final List<Logger> LOGGERS = new ArrayList<>();

    @Override
    public int execute(ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        install();
        return new RunLast().execute(parsed);
    }

    private static void install() {
        SmallRyeConfig config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
        Handler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new PatternFormatter(config.getValue("quarkus.log.console.format", String.class)));
        Logger root = Logger.getLogger("");
        for (Handler former : root.getHandlers()) {
            root.removeHandler(former);
        }
        root.addHandler(console);
        level(root, config.getValue("quarkus.log.level", String.class));
        for (String name : config.getPropertyNames()) {
            Matcher category = CATEGORY.matcher(name);
            if (category.matches()) {
                level(Logger.getLogger(category.group(1)), config.getValue(name, String.class));
            }
        }
    }

    private static void level(Logger logger, String name) {
        logger.setLevel(Level.parse(name));
        LOGGERS.add(logger);
    }
}
