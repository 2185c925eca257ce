package io.headwater.standalone;

import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Suppresses the informational log output of an embedded node. A category whose level was configured explicitly keeps
 * it.
 */
final class QuietLogs {

    private static final Map<String, Level> LEVELS = Map.of(
            "kafka", Level.SEVERE,
            "org.apache.kafka", Level.SEVERE,
            "org.apache.kafka.clients.NetworkClient", Level.SEVERE,
            "state.change.logger", Level.SEVERE);

    /** Strong references, because the log manager may garbage-collect an unreferenced logger and lose its level. */
    private static final List<Logger> LOGGERS =
            LEVELS.keySet().stream().map(Logger::getLogger).toList();

    private QuietLogs() {}

    static void install() {
        for (Logger logger : LOGGERS) {
            if (logger.getLevel() == null) {
                logger.setLevel(LEVELS.get(logger.getName()));
            }
        }
    }
}
