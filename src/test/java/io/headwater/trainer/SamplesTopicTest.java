package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headwater.codec.EventType;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to the samples topic while lanes learn from it. */
@OnEmbeddedBroker
@Timeout(180)
class SamplesTopicTest {
    @TempDir
    private Path folder;

    @Test
    void shouldWaitForAPersonWhenTheTopicWasCreatedAnew(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given
            String domain = installation.domain(0, 0);
            train(installation, domain, 0, 48);
            String before = topicId(installation);
            recreateSamples(broker, installation.topics());
            send(installation, domain, 48, 120);

            // When
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                trainer.awaitWaiting("deleted and created anew", before, topicId(installation), "after-reset");
                assertThat(trainer.learnedTo(0)).isEqualTo(-1);
            }
            assertThat(learned(installation, domain)).isEqualTo(48);

            // When it is decided
            Trainer decided = installation.trainerThatGoesOnAfterReset("one", TrainerListener.NONE);
            decided.runToEnd();

            // Then: all of the new topic is learned, and the lineage says where it was
            assertThat(decided.state()).isEqualTo(RoleState.STOPPED);
            List<ModelVersion> versions = new History(installation).versions(domain);
            assertThat(learned(installation, domain)).isEqualTo(120);
            assertThat(versions.stream()
                            .map(version -> version.lineage().samplesTopic())
                            .distinct())
                    .containsExactly(before, topicId(installation));
            ModelVersion first = versions.stream()
                    .filter(version -> !version.lineage().samplesTopic().equals(before))
                    .findFirst()
                    .orElseThrow();
            assertThat(first.lineage().fromOffset()).isZero();
            assertThat(first.lineage().parent()).isNotNull();
            assertThat(losses(installation, domain))
                    .singleElement()
                    .satisfies(loss -> assertThat(loss.verdict()).contains("created anew", before));
            Replay replay = installation.replay();
            try (PartitionReader log = new PartitionReader(installation.clients())) {
                assertThat(replay.rebuild(first, log).matches()).isTrue();
                assertThat(catchThrowableOfType(ReplayException.class, () -> replay.rebuild(versions.get(0), log))
                                .samplesAreGone())
                        .isTrue();
            }
        }
    }

    @Test
    void shouldNoticeThatTheTopicIsCreatedAnewWhileItLearns(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            train(installation, domain, 0, 24);
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                send(installation, domain, 24, 48);
                trainer.awaitOffset(0, 48);

                recreateSamples(broker, installation.topics());

                trainer.awaitWaiting("deleted and created anew");
            }
        }
    }

    @Test
    void shouldWaitForAPersonWhenTheOffsetsWentBack(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given a state that covers more than is on the topic, as after a log was cut
            String domain = installation.domain(0, 0);
            train(installation, domain, 0, 24);
            List<TrainerState> states = new History(installation).states(domain);
            TrainerState newest = states.get(states.size() - 1);
            TrainerState ahead = new TrainerState(newest.version(), 1000, newest.savedAt());
            installation.send(
                    Topic.TRAINER_STATE,
                    domain,
                    installation.lane(domain).key(),
                    installation.codec().encode(EventType.TRAINER_STATE, ahead));
            send(installation, domain, 24, 48);

            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                trainer.awaitWaiting(
                        "ends at offset 48", installation.lane(domain).key(), "up to offset 1000");
            }
        }
    }

    /** What was deleted before it was read must be known: in the lineage, as an event, and in the state of a lane that rests. */
    @Test
    void shouldRecordSamplesThatWereDeletedUnread(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker);
                Admin admin = broker.admin()) {
            String domain = installation.domain(0, 0);
            String resting = installation.domain(0, 1);
            train(installation, domain, 0, 24);
            train(installation, resting, 0, 24);

            // When
            send(installation, domain, 24, 48);
            admin.deleteRecords(
                            Map.of(installation.topics().partition(Topic.SAMPLES, 0), RecordsToDelete.beforeOffset(60)))
                    .all()
                    .get();
            train(installation, domain, 48, 72);

            // Then
            History history = new History(installation);
            OffsetRange range = new OffsetRange(48, 60);
            List<ModelVersion> versions = history.versions(domain);
            assertThat(versions.get(1).lineage().lost()).containsExactly(range);
            assertThat(learned(installation, domain)).isEqualTo(24 + 12 + 24);
            for (String one : List.of(domain, resting)) {
                assertThat(losses(installation, one)).singleElement().satisfies(loss -> {
                    assertThat(loss.fromOffset()).isEqualTo(48);
                    assertThat(loss.toOffset()).isEqualTo(60);
                    assertThat(loss.verdict()).contains("48 to 59", "retention");
                });
            }
            assertThat(history.states(resting))
                    .last()
                    .extracting(TrainerState::lost)
                    .isEqualTo(List.of(range));
        }
    }

    @Test
    void shouldCommitTheOffsetsOfAGroupThatWasSetBack(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker);
                Admin admin = broker.admin()) {
            String domain = installation.domain(0, 0);
            train(installation, domain, 0, 48);
            TopicPartition samples = installation.topics().partition(Topic.SAMPLES, 0);
            admin.alterConsumerGroupOffsets(installation.group(), Map.of(samples, new OffsetAndMetadata(0)))
                    .all()
                    .get();

            installation.train();

            assertThat(admin.listConsumerGroupOffsets(installation.group())
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsEntry(samples, new OffsetAndMetadata(48));
            assertThat(learned(installation, domain)).isEqualTo(48);
        }
    }

    @Test
    void shouldLetOnlyFurtherPartitionsWaitUntilAllTopicsHaveThem(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("grown");
        String moved;
        String added;
        try (Installation installation = open(broker, prefix, 2);
                Admin admin = broker.admin()) {
            // Given
            installation.createTopics();
            Topics grown = new Topics(prefix + ".", 3, (short) 1, 1, 16 << 20);
            moved = domain(installation.topics(), grown, 0);
            added = domain(installation.topics(), grown, 1);
            train(installation, moved, 0, 24);
            admin.createPartitions(Map.of(grown.name(Topic.SAMPLES), NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            awaitPartitions(admin, grown);

            // When
            installation.createTopics();
            send(installation, moved, 24, 48);
            send(installation, grown, added, 24);
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                trainer.awaitOffset(0, 48);
                trainer.awaitWaiting("partitions [2]", grown.name(Topic.SAMPLES), "headwater.topics.partitions");
            }
            assertThat(learned(installation, moved)).isEqualTo(48);
            assertThat(installation.records(Topic.DEAD_LETTERS, moved)).isEmpty();

            // When all topics have the partition
            for (Topic topic : Topic.values()) {
                if (topic != Topic.SAMPLES) {
                    admin.createPartitions(Map.of(grown.name(topic), NewPartitions.increaseTo(3)))
                            .all()
                            .get();
                }
            }
            awaitPartitions(admin, grown);
        }
        try (Installation installation = open(broker, prefix, 3)) {
            installation.createTopics();
            send(installation, moved, 0, 1);
            installation.train();

            // Then: new domains learn there, and known ones say where they belong
            History history = new History(installation);
            assertThat(history.versions(added)).isNotEmpty();
            assertThat(history.versions(moved))
                    .allMatch(version -> version.lineage().partition() == 0);
            assertThat(history.deadLetterRecords()).singleElement().satisfies(letter -> {
                assertThat(History.headers(letter).rejection().reason()).isEqualTo(Reason.MISROUTED);
                assertThat(History.headers(letter).rejection().message())
                        .contains("'" + moved + "' learns on partition 0", "came on 2");
            });
        }
    }

    /** A domain on partition {@code before} of the topics as they were, and on the last one of the grown ones. */
    private static String domain(Topics topics, Topics grown, int before) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "shop-" + i)
                .filter(name -> topics.partitionOf(name) == before && grown.partitionOf(name) == grown.partitions() - 1)
                .findFirst()
                .orElseThrow();
    }

    /** Waits until brokers show that the samples topic has grown. */
    private static void awaitPartitions(Admin admin, Topics grown) {
        String samples = grown.name(Topic.SAMPLES);
        Await.until("the partitions", () -> {
            try {
                return admin.describeTopics(List.of(samples)).allTopicNames().get().values().stream()
                        .allMatch(topic -> topic.partitions().size() == grown.partitions());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void recreateSamples(BrokerUnderTest broker, Topics topics) throws Exception {
        String name = topics.name(Topic.SAMPLES);
        try (Admin admin = broker.admin()) {
            admin.deleteTopics(List.of(name)).all().get();
            Await.until("the topic to be gone", () -> {
                try {
                    return !admin.listTopics().names().get().contains(name);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            broker.create(new NewTopic(name, topics.partitions(), (short) 1));
        }
    }

    private static String topicId(Installation installation) {
        try (PartitionReader reader = new PartitionReader(installation.clients())) {
            return reader.topicId(installation.topics().name(Topic.SAMPLES));
        }
    }

    private static int learned(Installation installation, String domain) {
        return new History(installation)
                .versions(domain).stream()
                        .mapToInt(version -> version.lineage().samples())
                        .sum();
    }

    private static List<Evaluation> losses(Installation installation, String domain) {
        return new History(installation)
                .evaluations(domain).stream()
                        .filter(one -> one.kind() == Kind.LOST)
                        .toList();
    }

    private Installation open(BrokerUnderTest broker) {
        return open(broker, broker.fresh("samples"), Installation.PARTITIONS).createTopics();
    }

    private Installation open(BrokerUnderTest broker, String prefix, int partitions) {
        return Installation.of(
                        Adaptations.text(Adaptations.AT_ONCE),
                        broker.bootstrapServers(),
                        prefix,
                        new FileArtifactStore(folder, 1 << 24))
                .partitions(partitions)
                .open();
    }

    private static void train(Installation installation, String domain, int from, int to) {
        send(installation, domain, from, to);
        installation.train();
    }

    private static void send(Installation installation, String domain, int from, int to) {
        for (int i = from; i < to; i++) {
            Adaptations.send(installation, domain, i);
        }
        installation.sent();
    }

    /** Sends samples to the partition that the domain has on {@code topics}. */
    private static void send(Installation installation, Topics topics, String domain, int samples) {
        for (int i = 0; i < samples; i++) {
            byte[] value = installation.value(new Payload.Text(Adaptations.sentence(i)), Adaptations.label(i));
            installation.send(
                    new ProducerRecord<>(
                            topics.name(Topic.SAMPLES),
                            topics.partitionOf(domain),
                            domain.getBytes(StandardCharsets.UTF_8),
                            value),
                    true);
        }
        installation.sent();
    }
}
