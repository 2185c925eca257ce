package io.headwater.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.ops.RuntimeSettings;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
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
        assertThat(settings.registryUrl()).contains("http://registry:8081");
    }

    private static Connection parsed(String... args) {
        Any command = new Any();
        new CommandLine(command).parseArgs(args);
        return command;
    }

    @Command(name = "test")
    private static final class Any extends Connection {}
}
