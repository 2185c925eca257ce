package io.headwater.kafka;

import java.util.Map;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers {@code host:port,…}
 * @param extra further client properties, such as those of security
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> extra) {
    public KafkaSettings {
        extra = Map.copyOf(extra);
    }

    /** Without further properties. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(bootstrapServers, Map.of());
    }

    /** The extra properties may hold passwords, so only their names are shown. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", " + extra.keySet() + "]";
    }
}
