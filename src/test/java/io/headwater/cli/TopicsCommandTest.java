package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@OnEmbeddedBroker
class TopicsCommandTest {
    /** Settings that these topics do not meet where they are 3. */
    private static final List<String> REPLICAS =
            List.of("headwater.topics.replication", "headwater.topics.min-insync-replicas");

    @Test
    void shouldCreateTopicsAsTheServiceWould(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("installation") + ".";
        Map<String, String> settings = Map.of(
                "headwater.bootstrap-servers",
                broker.bootstrapServers(),
                "headwater.topics.prefix",
                prefix,
                "headwater.topics.partitions",
                "2",
                "headwater.topics.max-record-bytes",
                "20000");
        settings.forEach(System::setProperty);
        try (Admin admin = broker.admin()) {
            CommandLine commands = HeadwaterMain.commandLine(CommandLine.defaultFactory());

            assertThat(commands.execute("topics", "--create")).isZero();

            Topics topics = new Topics(prefix, 2, (short) 0, 0, 20_000);
            assertThat(new TopicAdmin(admin, topics).faults()).isEmpty();
            ConfigResource samples = new ConfigResource(ConfigResource.Type.TOPIC, topics.name(Topic.SAMPLES));
            assertThat(admin.describeConfigs(List.of(samples)).all().get().values())
                    .singleElement()
                    .extracting(config -> config.get("max.message.bytes"))
                    .extracting(ConfigEntry::value)
                    .isEqualTo("20000");
            assertThat(commands.execute("topics")).isZero();
            assertThat(commands.execute("topics", "--replication", "3")).isEqualTo(1);
            for (String each : REPLICAS) {
                System.setProperty(each, "3");
                assertThat(HeadwaterMain.commandLine(CommandLine.defaultFactory())
                                .execute("topics"))
                        .as(each)
                        .isEqualTo(1);
                System.clearProperty(each);
            }
        } finally {
            settings.keySet().forEach(System::clearProperty);
            REPLICAS.forEach(System::clearProperty);
        }
    }
}
