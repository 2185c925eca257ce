package io.headwater.standalone;

import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes the narration of an embedded node out of the user's sight. A category whose level somebody configured keeps it.
 */
final class QuietLogs {

    private static final Map<String, Level> LEVELS = Map.of(
            "kafka", Level.SEVERE,
            "org.apache.kafka", Level.SEVERE,
            "org.apache.kafka.clients.NetworkClient", Level.SEVERE,
            "state.change.logger", Level.SEVERE);

    /** Held here because the log manager may forget a logger, and its level, that nobody refers to. */
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
