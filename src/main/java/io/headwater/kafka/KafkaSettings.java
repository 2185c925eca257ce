package io.headwater.kafka;

import java.util.Map;

/**
 * Connection settings for Kafka.
 *
 * @param bootstrapServers {@code host:port,…}
 * @param extra further client properties, such as security settings
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> extra) {
    public KafkaSettings {
        extra = Map.copyOf(extra);
    }

    /** Creates settings without further properties. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(bootstrapServers, Map.of());
    }

    /** The extra properties may hold passwords, so only their names are shown. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", " + extra.keySet() + "]";
    }
}
