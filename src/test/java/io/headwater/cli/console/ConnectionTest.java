package io.headwater.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.RegistryAccess;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.ops.RuntimeSettings;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@OnEmbeddedBroker
class ConnectionTest {
    @Test
    void shouldReachTheTopicsOfThePrefixThatIsGiven(BrokerUnderTest broker) {
        // Given
        String prefix = broker.fresh("installation") + ".";
        try (Admin admin = broker.admin()) {
            new TopicAdmin(admin, new Topics(prefix, 2, (short) 1, 1, 1 << 20)).createMissing();
        }

        // When
        RuntimeSettings settings = parsed(
                        "--bootstrap-servers",
                        broker.bootstrapServers(),
                        "--topics-prefix",
                        prefix,
                        "--registry",
                        "http://registry:8081")
                .settings();

        // Then
        assertThat(settings.topics().name(Topic.SAMPLES)).isEqualTo(prefix + "samples");
        assertThat(settings.topics().partitions()).isEqualTo(2);
        assertThat(settings.registry()).contains(RegistryAccess.of("http://registry:8081"));
    }

    /** What {@code serve} reads from environment variables, files or system properties, commands read from there, too. */
    @Test
    void shouldReadTheSettingsOfTheService() {
        Map<String, String> settings = Map.of(
                "headwater.bootstrap-servers",
                "kafka:9093",
                "headwater.topics.prefix",
                "acme.",
                "headwater.store",
                "/somewhere",
                "headwater.registry.url",
                "http://registry:8081",
                "headwater.kafka.\"security.protocol\"",
                "SSL");
        settings.forEach(System::setProperty);
        try {
            Connection connection = parsed();

            assertThat(connection.kafka().bootstrapServers()).isEqualTo("kafka:9093");
            assertThat(connection.kafka().extra()).containsEntry("security.protocol", "SSL");
            assertThat(connection.prefix).isEqualTo("acme.");
            assertThat(connection.store).isEqualTo(Path.of("/somewhere"));
            assertThat(connection.registry).isEqualTo("http://registry:8081");
            assertThat(parsed("--topics-prefix", "other.").prefix).isEqualTo("other.");
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    private static Connection parsed(String... args) {
        Any command = new Any();
        new CommandLine(command).setDefaultValueProvider(new ServiceDefaults()).parseArgs(args);
        return command;
    }

    @Command(name = "test")
    private static final class Any extends Connection {}
}
