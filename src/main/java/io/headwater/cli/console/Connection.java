package io.headwater.cli.console;

import io.headwater.codec.Codec;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.TopicAdmin;
import io.headwater.ops.Codecs;
import io.headwater.ops.RuntimeSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options for the connection of a command to Kafka and the artifact store. They have the same defaults and environment
 * variables as the settings of the service.
 */
public class Connection {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:HEADWATER_BOOTSTRAP_SERVERS:-localhost:9092}",
            description = "Kafka brokers. Default: ${DEFAULT-VALUE}.")
    public String bootstrapServers;

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description = "Properties file with further settings of the Kafka clients, such as those for security.")
    @Nullable
    public Path clientConfig;

    @Option(
            names = "--topics-prefix",
            paramLabel = "TEXT",
            defaultValue = "${env:HEADWATER_TOPICS_PREFIX:-headwater.}",
            description = "Prefix of the names of all topics. Default: ${DEFAULT-VALUE}.")
    public String prefix;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            defaultValue = "${env:HEADWATER_STORE:-artifacts}",
            description = "Folder of the artifacts. Default: ${DEFAULT-VALUE}.")
    public Path store;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "${env:HEADWATER_REGISTRY_URL:-}",
            description = "URL of the schema registry, for records that contain a schema id. Default: none.")
    public String registry;

    /** Returns settings that match the existing topics at the brokers. */
    public RuntimeSettings settings() {
        KafkaSettings kafka = kafka();
        return RuntimeSettings.local(kafka, store, prefix, TopicAdmin.discover(kafka, prefix))
                .withRegistry(registry);
    }

    public KafkaSettings kafka() {
        return new KafkaSettings(bootstrapServers, extra());
    }

    public Clients clients(RuntimeSettings settings) {
        return new Clients(settings.kafka(), settings.topics());
    }

    public Codec codec(RuntimeSettings settings) {
        return Codecs.of(settings);
    }

    private Map<String, String> extra() {
        if (clientConfig == null) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(clientConfig, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "client configuration '" + clientConfig + "' cannot be read: " + e.getMessage(), e);
        }
        Map<String, String> extra = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> extra.put(name, properties.getProperty(name)));
        return extra;
    }
}
