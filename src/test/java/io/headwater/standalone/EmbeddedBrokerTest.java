package io.headwater.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

    @TempDir
    private Path directory;

    @Test
    void shouldKeepItsTopicsWhenStartedAgainOnOtherPorts() throws Exception {
        // Given
        try (EmbeddedBroker first = EmbeddedBroker.startIn(directory);
                Admin admin = admin(first)) {
            admin.createTopics(List.of(new NewTopic("kept", Optional.of(3), Optional.empty())))
                    .all()
                    .get();
        }

        // When
        try (EmbeddedBroker second = EmbeddedBroker.startIn(directory);
                Admin admin = admin(second)) {
            // Then
            assertThat(admin.describeTopics(List.of("kept")).allTopicNames().get())
                    .hasEntrySatisfying(
                            "kept", topic -> assertThat(topic.partitions()).hasSize(3));
        }
    }

    @Test
    void shouldStopAndStartTheSameBroker() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(directory)) {
            broker.stop();
            assertThat(broker.isRunning()).isFalse();
            broker.start();
            try (Admin admin = admin(broker)) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }
        }
    }

    @Test
    void shouldNameThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedBroker broker = new EmbeddedBroker(
                        directory, new Ports(taken.getLocalPort(), Ports.free().controller()), Map.of())) {
            assertThatThrownBy(broker::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
            assertThat(broker.isRunning()).isFalse();
        }
    }

    @Test
    void shouldRefuseADirectoryThatAnotherBrokerUses() {
        try (EmbeddedBroker first = EmbeddedBroker.startIn(directory)) {
            assertThatThrownBy(() -> EmbeddedBroker.startIn(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory + " (another broker uses it)");
            assertThat(first.isRunning()).isTrue();
        }
    }

    @Test
    void shouldRefuseADirectoryThatIsAFile() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> EmbeddedBroker.startIn(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void shouldSayHowToCallIt() {
        assertThatThrownBy(() -> BrokerMain.parse(new String[] {"dir", "1"})).hasMessageContaining("usage:");
        assertThatThrownBy(() -> BrokerMain.parse(new String[] {"dir", "x", "2"}))
                .hasMessageContaining("not a port: x");
        assertThatThrownBy(() -> new Ports(7, 7)).hasMessageContaining("must differ");
        assertThatThrownBy(() -> new Ports(0, 7)).hasMessageContaining("not 0");
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
