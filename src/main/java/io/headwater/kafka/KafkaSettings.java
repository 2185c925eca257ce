package io.headwater.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Connection settings for Kafka.
 *
 * @param bootstrapServers {@code host:port,…}
 * @param extra further client properties, such as security settings
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> extra) {
    private static final List<String> LIMITS = List.of(
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
    /** The default of Kafka's clients, which fits brokers that answer late. */
    private static final Duration USUAL_REQUEST = Duration.ofSeconds(30);

    public KafkaSettings {
        extra = Map.copyOf(extra);
    }

    /** Creates settings without further properties. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(bootstrapServers, Map.of());
    }

    /**
     * Returns the settings with limits of the time that clients wait for brokers, unless they have such limits.
     *
     * @param limit at least a second
     */
    public KafkaSettings givingUpAfter(Duration limit) {
        if (LIMITS.stream().anyMatch(extra::containsKey)) {
            return this;
        }
        Map<String, String> limited = new HashMap<>(extra);
        LIMITS.forEach(key -> limited.put(key, Long.toString(limit.toMillis())));
        limited.merge(
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                Long.toString(USUAL_REQUEST.toMillis()),
                KafkaSettings::shorter);
        return new KafkaSettings(bootstrapServers, limited);
    }

    private static String shorter(String one, String other) {
        return Long.parseLong(one) < Long.parseLong(other) ? one : other;
    }

    /** The extra properties may hold passwords, so only their names are shown. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", " + extra.keySet() + "]";
    }
}
