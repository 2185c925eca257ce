package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must hold of an installation's topics before anything is sent to them. */
@Timeout(120)
abstract class TopicAdminContract {
    private static final int MAX_BYTES = 100_000;

    @Test
    void shouldCreateEveryTopicAsItMustBe(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 3);
        try (Admin admin = broker.admin()) {
            // When
            List<String> created = new TopicAdmin(admin, topics).ensure();

            // Then
            assertThat(created)
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(Topic.values()).map(topics::name).toList());
            assertThat(admin.describeTopics(created).allTopicNames().get().values())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(3));
            for (Topic topic : Topic.values()) {
                assertThat(setting(admin, topics, topic, "cleanup.policy"))
                        .isEqualTo(topic.cleanup().policy());
                assertThat(setting(admin, topics, topic, "min.insync.replicas")).isEqualTo("1");
            }
            assertThat(setting(admin, topics, Topic.MODEL_VERSIONS, "retention.ms"))
                    .isEqualTo("-1");
            assertThat(setting(admin, topics, Topic.SAMPLES, "max.message.bytes"))
                    .isEqualTo("100000");
            for (Topic compacted : List.of(Topic.SERVING, Topic.TRAINER_STATE)) {
                assertThat(setting(admin, topics, compacted, "segment.ms")).isEqualTo("3600000");
            }
            // A backfill with old times must not be deleted before it is read.
            for (Topic input : List.of(Topic.SAMPLES, Topic.REQUESTS, Topic.COMMANDS)) {
                assertThat(setting(admin, topics, input, "message.timestamp.type"))
                        .isEqualTo("LogAppendTime");
            }
            assertThat(new TopicAdmin(admin, topics).warnings()).isEmpty();
        }
    }

    @Test
    void shouldEndOnlyWhenEveryPartitionTakesRecords(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 16);
        try (Admin admin = broker.admin();
                KafkaProducer<byte[], byte[]> producer = withoutRetries(broker)) {
            new TopicAdmin(admin, topics).ensure();

            // When
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Topic topic : Topic.values()) {
                for (int p = 0; p < topics.partitions(); p++) {
                    sent.add(
                            producer.send(new ProducerRecord<>(topics.name(topic), p, new byte[] {1}, new byte[] {1})));
                }
            }

            // Then
            for (Future<RecordMetadata> one : sent) {
                assertThat(one.get().offset()).isZero();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> withoutRetries(BrokerUnderTest broker) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false,
                        ProducerConfig.RETRIES_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Test
    void shouldFindNothingToDoTheSecondTime(BrokerUnderTest broker) {
        Topics topics = topics(broker, 2);
        try (Admin admin = broker.admin()) {
            new TopicAdmin(admin, topics).ensure();

            assertThat(new TopicAdmin(admin, topics).ensure()).isEmpty();
            assertThat(new TopicAdmin(admin, topics).faults()).isEmpty();
            assertThat(TopicAdmin.discover(KafkaSettings.of(broker.bootstrapServers()), topics.prefix()))
                    .isEqualTo(2);
        }
    }

    @Test
    void shouldListEveryFaultAtOnce(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 3);
        try (Admin admin = broker.admin()) {
            // Given
            broker.create(
                    topic(topics, Topic.SAMPLES, 4, Map.of()),
                    topic(topics, Topic.SERVING, 3, Map.of("cleanup.policy", "delete")),
                    topic(topics, Topic.EVALUATIONS, 3, Map.of("cleanup.policy", "compact")),
                    topic(topics, Topic.MODEL_VERSIONS, 3, Map.of("retention.ms", "604800000")),
                    topic(topics, Topic.DEAD_LETTERS, 3, Map.of("max.message.bytes", "1000")));

            // When / Then
            assertThatThrownBy(() -> new TopicAdmin(admin, topics).ensure())
                    .isInstanceOf(TopicException.class)
                    .message()
                    .contains(topics.name(Topic.SAMPLES) + " must have 3 partitions", "but has 4")
                    .contains(topics.name(Topic.SERVING) + " must have cleanup.policy=compact, but has delete")
                    .contains(topics.name(Topic.EVALUATIONS) + " must have cleanup.policy=delete, but has compact")
                    .contains(topics.name(Topic.MODEL_VERSIONS) + " must be kept for ever", "retention.ms=604800000")
                    .contains(topics.name(Topic.DEAD_LETTERS) + " must take whole records", "1148576", "1000");
            assertThat(new TopicAdmin(admin, topics).faults()).hasSize(5);
        }
    }

    @Test
    void shouldWarnOfTopicsWhoseRecordsMayBeDeletedUnread(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 1);
        try (Admin admin = broker.admin()) {
            broker.create(topic(topics, Topic.SAMPLES, 1, Map.of()));

            assertThat(new TopicAdmin(admin, topics).ensure()).isNotEmpty();
            assertThat(new TopicAdmin(admin, topics).faults()).isEmpty();
            assertThat(new TopicAdmin(admin, topics).warnings())
                    .singleElement()
                    .asString()
                    .contains(topics.name(Topic.SAMPLES), "message.timestamp.type=LogAppendTime", "alter");
        }
    }

    @Test
    void shouldWarnOfTopicsThatAreNotCompacted(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 1);
        Map<String, String> week = Map.of("cleanup.policy", "compact", "segment.ms", "604800000");
        try (Admin admin = broker.admin()) {
            broker.create(topic(topics, Topic.TRAINER_STATE, 1, week));

            assertThat(new TopicAdmin(admin, topics).ensure()).isNotEmpty();
            assertThat(new TopicAdmin(admin, topics).faults()).isEmpty();
            assertThat(new TopicAdmin(admin, topics).warnings())
                    .singleElement()
                    .asString()
                    .contains(topics.name(Topic.TRAINER_STATE), "segment.ms", "3600000", "604800000", "alter");
        }
    }

    @Test
    void shouldWorkThoughASamplesTopicHasFurtherPartitions(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 2);
        try (Admin admin = broker.admin()) {
            broker.create(topic(topics, Topic.SAMPLES, 3, Map.of()));

            assertThat(new TopicAdmin(admin, topics).ensure()).isNotEmpty();
            assertThat(new TopicAdmin(admin, topics).faults())
                    .singleElement()
                    .asString()
                    .contains(
                            "must have 2 partitions",
                            "but has 3",
                            "from number 2",
                            "every topic of the installation 3");
            assertThat(TopicAdmin.discover(KafkaSettings.of(broker.bootstrapServers()), topics.prefix()))
                    .isEqualTo(2);
        }
    }

    @Test
    void shouldWantAsManyInSyncReplicasAsConfigured(BrokerUnderTest broker) {
        Topics lax = topics(broker, 1);
        try (Admin admin = broker.admin()) {
            new TopicAdmin(admin, lax).ensure();
            Topics strict = new Topics(lax.prefix(), 1, (short) 3, 2, MAX_BYTES);

            List<String> faults = new TopicAdmin(admin, strict).faults();

            assertThat(faults).hasSize(2 * Topic.values().length);
            assertThat(faults)
                    .filteredOn(fault -> fault.contains("min.insync.replicas of at least 2, but has 1"))
                    .hasSize(Topic.values().length);
        }
    }

    @Test
    void shouldWantAsManyReplicasAsConfigured(BrokerUnderTest broker) {
        Topics any = new Topics(broker.fresh("topics") + ".", 1, (short) 0, 0, MAX_BYTES);
        try (Admin admin = broker.admin()) {
            // Without a number, new topics have as many replicas as the brokers give them.
            new TopicAdmin(admin, any).ensure();
            Topics three = new Topics(any.prefix(), 1, (short) 3, 1, MAX_BYTES);

            assertThat(new TopicAdmin(admin, any).faults()).isEmpty();
            assertThat(new TopicAdmin(admin, three).faults())
                    .hasSize(Topic.values().length)
                    .allSatisfy(
                            fault -> assertThat(fault).contains("at least 3 replicas of each partition, but has 1"));
            assertThatThrownBy(() -> new TopicAdmin(admin, three).ensure()).isInstanceOf(TopicException.class);
        }
    }

    @Test
    void shouldNoticeATopicThatCannotAcknowledgeARecord(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 1);
        try (Admin admin = broker.admin()) {
            broker.create(topic(topics, Topic.SAMPLES, 1, Map.of("min.insync.replicas", "2")));

            assertThat(new TopicAdmin(admin, topics).faultsOfExisting())
                    .singleElement()
                    .asString()
                    .contains("at least as many replicas as its min.insync.replicas, which is 2, but has 1");
        }
    }

    @Test
    void shouldNoticeAPolicyThatWasChangedLater(BrokerUnderTest broker) throws Exception {
        Topics topics = topics(broker, 1);
        try (Admin admin = broker.admin()) {
            new TopicAdmin(admin, topics).ensure();
            ConfigResource state = new ConfigResource(ConfigResource.Type.TOPIC, topics.name(Topic.TRAINER_STATE));
            admin.incrementalAlterConfigs(Map.of(
                            state,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("cleanup.policy", "compact,delete"), OpType.SET))))
                    .all()
                    .get();

            Await.until(
                    "the changed policy",
                    () -> !new TopicAdmin(admin, topics).faults().isEmpty());
            assertThat(new TopicAdmin(admin, topics).faults())
                    .singleElement()
                    .asString()
                    .contains("trainer-state must have cleanup.policy=compact, but has");
        }
    }

    @Test
    void shouldNameEveryTopicThatIsMissing(BrokerUnderTest broker) {
        Topics topics = topics(broker, 1);
        try (Admin admin = broker.admin()) {
            assertThat(new TopicAdmin(admin, topics).faults())
                    .hasSize(Topic.values().length)
                    .allSatisfy(fault -> assertThat(fault).contains("must exist", "headwater topics --create"));
        }
        assertThatThrownBy(() -> TopicAdmin.discover(KafkaSettings.of(broker.bootstrapServers()), topics.prefix()))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining(topics.name(Topic.SAMPLES));
    }

    private static Topics topics(BrokerUnderTest broker, int partitions) {
        return new Topics(broker.fresh("topics") + ".", partitions, (short) 1, 1, MAX_BYTES);
    }

    /** A topic that is as it must be but for {@code partitions} and {@code config}. */
    private static NewTopic topic(Topics topics, Topic topic, int partitions, Map<String, String> config) {
        Map<String, String> all =
                new HashMap<>(Map.of("cleanup.policy", topic.cleanup().policy()));
        all.putAll(config);
        return new NewTopic(topics.name(topic), partitions, (short) 1).configs(all);
    }

    private static String setting(Admin admin, Topics topics, Topic topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topics.name(topic));
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(List.of(resource)).all().get();
        return configs.values().iterator().next().get(name).value();
    }
}
