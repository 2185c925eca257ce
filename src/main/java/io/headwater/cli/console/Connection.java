package io.headwater.cli.console;

import io.headwater.codec.Codec;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.ops.Codecs;
import io.headwater.ops.RuntimeSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options for the connection of a command to Kafka and the artifact store. Their defaults are the settings of the service.
 */
public class Connection {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            descriptionKey = ServiceDefaults.BOOTSTRAP_SERVERS,
            defaultValue = "localhost:9092",
            description = "Kafka brokers. Default: ${DEFAULT-VALUE}.")
    public String bootstrapServers;

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description =
                    "Properties file with further settings of the Kafka clients, such as those for security. They take"
                            + " precedence over those of the service (HEADWATER_KAFKA__...).")
    @Nullable
    public Path clientConfig;

    @Option(
            names = "--topics-prefix",
            paramLabel = "TEXT",
            descriptionKey = ServiceDefaults.PREFIX,
            defaultValue = "headwater.",
            description = "Prefix of the names of all topics. Default: ${DEFAULT-VALUE}.")
    public String prefix;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            descriptionKey = ServiceDefaults.STORE,
            defaultValue = "artifacts",
            description = "Folder of the artifacts. Default: ${DEFAULT-VALUE}.")
    public Path store;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            descriptionKey = ServiceDefaults.REGISTRY,
            defaultValue = "",
            description = "URL of the schema registry, for records that contain a schema id. Default: none.")
    public String registry;

    /** Returns settings that match the existing topics at the brokers. */
    public RuntimeSettings settings() {
        KafkaSettings kafka = kafka();
        Topics topics =
                new Topics(prefix, TopicAdmin.discover(kafka, prefix), (short) 0, 0, ServiceDefaults.maxRecordBytes());
        return RuntimeSettings.local(kafka, store, topics).withRegistry(ServiceDefaults.registry(registry));
    }

    /**
     * Returns settings that match the existing topics at the brokers, for commands whose work may take longer than they may wait
     * for the brokers: each request of their clients gives up after the whole time.
     *
     * @throws IllegalStateException when the brokers do not answer in time
     */
    public RuntimeSettings settings(TimeLimit time) throws Exception {
        Topics topics = time.within(this::settings).topics();
        return RuntimeSettings.local(kafka().givingUpAfter(Duration.ofSeconds(time.seconds)), store, topics)
                .withRegistry(ServiceDefaults.registry(registry));
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
        Map<String, String> extra = new HashMap<>(ServiceDefaults.kafka());
        if (clientConfig == null) {
            return extra;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(clientConfig, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "client configuration '" + clientConfig + "' cannot be read: " + e.getMessage(), e);
        }
        properties.stringPropertyNames().forEach(name -> extra.put(name, properties.getProperty(name)));
        return extra;
    }
}
