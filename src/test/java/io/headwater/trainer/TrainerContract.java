package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.engine.TestModels;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicException;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests a single trainer, from samples to versions. */
@Timeout(120)
abstract class TrainerContract {
    @TempDir
    private Path folder;

    @Test
    void shouldLearnEverySampleOfInterleavedLanesExactlyOnce(BrokerUnderTest broker) {
        try (Installation installation = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            // Given two lanes that share a partition, one with a partition of its own, and unusable records
            Adaptations.sendThreeLanes(installation, 150);

            // When
            installation.train();

            // Then
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            for (ModelVersion version : history.versions()) {
                assertThat(version.labels()).containsExactlyInAnyOrder("bad", "good");
            }
            List<Serving> servings = history.servings(installation.domain(0, 0));
            assertThat(servings.get(0).version().number()).isEqualTo(1);
            assertThat(servings).allMatch(one -> one.decidedBy() == Serving.DecidedBy.GATE);
        }
    }

    @Test
    void shouldAnnounceNewThresholdsBetweenCheckpointsWhenTheyCoverTooFew(BrokerUnderTest broker) throws Exception {
        CheckpointConfig seldom = new CheckpointConfig(30, Duration.ofHours(24), Duration.ofHours(24));
        try (Installation installation = open(broker, Adaptations.text(seldom))) {
            String domain = installation.domain(0, 0);
            Lane lane = installation.lane(domain);
            PartitionCheckpoint renewed;
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                // Given a version of 30 steps
                for (int i = 0; i < 30 * Adaptations.BATCH; i++) {
                    Adaptations.send(installation, domain, i);
                }
                installation.sent();
                Serving first = trainer.awaitServing(lane);
                assertThat(first.thresholds()).isNotNull();

                // When the labels change their meaning in ten steps, after which no checkpoint is due
                for (int i = 0; i < 10 * Adaptations.BATCH; i++) {
                    String label = Adaptations.label(i).equals("bad") ? "good" : "bad";
                    installation.sample(domain, Adaptations.sentence(i), label);
                }
                installation.sent();
                renewed = trainer.await(checkpoint -> checkpoint.servings().containsKey(lane));

                // Then
                Serving serving = Objects.requireNonNull(renewed.servings().get(lane));
                assertThat(serving.withThresholds(first.thresholds())).isEqualTo(first);
                assertThat(threshold(serving)).isGreaterThan(threshold(first));
                assertThat(renewed.versions()).isEmpty();
                assertThat(renewed.states()).isEmpty();
                assertThat(renewed.samplesOffset()).isEqualTo(30 * Adaptations.BATCH);

                // And the samples after it are learned in the next version
                for (int i = 0; i < 20 * Adaptations.BATCH; i++) {
                    Adaptations.send(installation, domain, i);
                }
                installation.sent();
                trainer.awaitOffset(0, 60 * Adaptations.BATCH);
            }
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    /** Each transaction of the producer ends with a marker, which has an offset, too. */
    @Test
    void shouldMeasureItsLagInSamplesWithoutTheMarkersOfTransactions(BrokerUnderTest broker) throws Exception {
        CheckpointConfig seldom = new CheckpointConfig(4, Duration.ofHours(24), Duration.ofHours(24));
        try (Installation installation = open(broker, Adaptations.text(seldom));
                KafkaProducer<byte[], byte[]> producer =
                        installation.clients().transactionalProducer(broker.fresh("producer"))) {
            String domain = installation.domain(0, 0);
            RunningTrainer stopped;
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                long first = sendInTransactions(installation, producer, domain, 3 * Adaptations.BATCH);
                Backlog behind = trainer.awaitBacklog(0, 3 * Adaptations.BATCH);
                assertThat(behind.oldest()).isEqualTo(Instant.ofEpochMilli(first));

                sendInTransactions(installation, producer, domain, Adaptations.BATCH);
                assertThat(trainer.awaitBacklog(0, 0).oldest()).isNull();
                stopped = trainer;
            }
            assertThat(stopped.isMeasured()).isFalse();
        }
    }

    /** Sends samples, each in a transaction of its own; returns the time of the first one. */
    private static long sendInTransactions(
            Installation installation, KafkaProducer<byte[], byte[]> producer, String domain, int count)
            throws Exception {
        long first = 0;
        for (int i = 0; i < count; i++) {
            producer.beginTransaction();
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(
                    installation.topics().name(Topic.SAMPLES),
                    installation.topics().partitionOf(domain),
                    domain.getBytes(StandardCharsets.UTF_8),
                    installation.value(new Payload.Text(Adaptations.sentence(i)), Adaptations.label(i))));
            producer.commitTransaction();
            first = i == 0 ? sent.get().timestamp() : first;
        }
        return first;
    }

    private static double threshold(Serving serving) {
        return Objects.requireNonNull(serving.thresholds()).values().get(0);
    }

    @Test
    void shouldLearnFromARealSentenceEncoder(BrokerUnderTest broker) {
        AdaptationConfig config = Adaptations.text(Adaptations.BY_STEPS);
        String prefix = broker.fresh("trainer");
        FileArtifactStore store = new FileArtifactStore(folder, 1 << 24);
        try (OnnxBackbone encoder = OnnxBackbone.open(TestModels.miniLm());
                Installation installation = Installation.of(config, broker.bootstrapServers(), prefix, store)
                        .with(TestModels.miniLm(), encoder)) {
            installation.createTopics();
            for (int i = 0; i < 64; i++) {
                Adaptations.send(installation, installation.domain(i % 2, 0), i);
            }
            installation.train();
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldReportAChangeOfTheStreamAndRebuildEveryVersion(BrokerUnderTest broker) {
        try (Installation installation = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            String domain = installation.domain(0, 0);
            for (int i = 0; i < 400; i++) {
                String label =
                        i < 200 ? Adaptations.label(i) : Adaptations.label(i).equals("bad") ? "good" : "bad";
                installation.sample(domain, Adaptations.sentence(i), label);
            }
            installation.train();

            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(history.drifts(domain)).isNotEmpty().allSatisfy(drift -> {
                assertThat(drift.offset()).isGreaterThan(200);
                assertThat(drift.statistic()).isGreaterThan(0);
            });
        }
    }

    @Test
    void shouldGrowWithTheLabelsThatAppear(BrokerUnderTest broker) {
        try (Installation installation = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            String domain = installation.domain(0, 0);
            for (int i = 0; i < 96; i++) {
                installation.sample(domain, Adaptations.sentence(i), "mood " + i / 24);
            }
            installation.train();

            History history = new History(installation);
            assertThat(history.versions(domain))
                    .extracting(ModelVersion::labels)
                    .containsExactly(
                            List.of("mood 0"),
                            List.of("mood 0", "mood 1"),
                            List.of("mood 0", "mood 1", "mood 2"),
                            List.of("mood 0", "mood 1", "mood 2", "mood 3"));
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldRefuseLabelsOutsideTheList(BrokerUnderTest broker) {
        AdaptationConfig config =
                Adaptations.of(TaskKind.TEXT_CLASSIFICATION, Adaptations.BY_STEPS, List.of("good", "bad"), null, 0);
        try (Installation installation = open(broker, config)) {
            String domain = installation.domain(1, 0);
            for (int i = 0; i < 40; i++) {
                Adaptations.send(installation, domain, i);
            }
            installation.send(domain, installation.value(new Payload.Text("so so"), "neutral"), false);
            Adaptations.send(installation, domain, 40);
            installation.train();

            History history = new History(installation);
            history.requireExactlyOnce();
            assertThat(history.deadLetters()).containsExactly(Map.entry(new History.Place(1, 40), Reason.BAD_LABEL));
            assertThat(history.versions(domain))
                    .allMatch(version -> version.labels().equals(List.of("good", "bad")));
        }
    }

    @Test
    void shouldGoOnFromItsLastCheckpoint(BrokerUnderTest broker) {
        try (Installation once = open(broker, Adaptations.text(Adaptations.BY_STEPS));
                Installation twice = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            // Given enough samples for three checkpoints
            int checkpoint = 3 * Adaptations.BATCH;
            String domain = once.domain(0, 0);
            for (int i = 0; i < 5 * checkpoint; i++) {
                Adaptations.send(once, domain, i);
            }
            once.train();

            // When
            for (int i = 0; i < 5 * checkpoint; i++) {
                Adaptations.send(twice, domain, i);
                if (i == 3 * checkpoint - 1) {
                    twice.train();
                }
            }
            twice.train();

            // Then
            History history = new History(twice);
            history.requireExactlyOnce();
            assertThat(history.digests()).hasSize(5).isEqualTo(new History(once).digests());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndWithTheSameBytesWhereverItBroke(Breaking.Last last, BrokerUnderTest broker) {
        try (Installation whole = open(broker, Adaptations.text(Adaptations.BY_STEPS));
                Installation broken = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            // Given
            Adaptations.sendThreeLanes(whole, 120);
            whole.train();
            Adaptations.sendThreeLanes(broken, 120);

            // When
            broken.sent();
            Trainer breaking = broken.trainer("one", new Breaking(last, last == Breaking.Last.POLLED ? 1 : 3));
            breaking.runToEnd();
            assertThat(breaking.failure()).isInstanceOf(Breaking.BreakDown.class);
            broken.train();

            // Then
            History history = new History(broken);
            history.requireExactlyOnce();
            assertThat(history.digests()).isEqualTo(new History(whole).digests());
        }
    }

    @Test
    void shouldStartANewLaneFromTheChampionOfTheSource(BrokerUnderTest broker) {
        AdaptationConfig config =
                Adaptations.of(TaskKind.TEXT_CLASSIFICATION, Adaptations.BY_STEPS, List.of(), "home", 0);
        try (Installation installation = open(broker, config)) {
            // Given
            for (int i = 0; i < 48; i++) {
                Adaptations.send(installation, "home", i);
            }
            installation.train();
            Serving source = last(new History(installation).servings("home"));

            // When
            String domain = installation.domain(1 - installation.topics().partitionOf("home"), 0);
            for (int i = 0; i < 30; i++) {
                Adaptations.send(installation, domain, i);
            }
            installation.train();

            // Then
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            ModelVersion first = history.versions(domain).get(0);
            assertThat(first.ref().number()).isEqualTo(1);
            assertThat(first.lineage().parent()).isEqualTo(source.version());
            // Until the new lane has a champion of its own, the champion of its source domain serves it.
            assertThat(history.servings(domain).get(0).previous()).isIn(null, source.version());
        }
    }

    @Test
    void shouldSayWhatIsWrongWithTheTopics(BrokerUnderTest broker) throws Exception {
        // Given topics that were not created by Headwater
        String prefix = broker.fresh("trainer");
        FileArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        AdaptationConfig config = Adaptations.text(Adaptations.BY_STEPS);
        try (Installation installation = Installation.of(config, broker.bootstrapServers(), prefix, store)
                        .open();
                Admin admin = broker.admin()) {
            String samples = installation.topics().name(Topic.SAMPLES);
            String serving = installation.topics().name(Topic.SERVING);
            broker.create(new NewTopic(samples, 3, (short) 1), new NewTopic(serving, 2, (short) 1));

            // Then
            assertThatThrownBy(installation::createTopics)
                    .isInstanceOf(TopicException.class)
                    .hasMessageContaining(samples + " must have 2 partitions")
                    .hasMessageContaining("but has 3")
                    .hasMessageContaining(serving + " must have cleanup.policy=compact, but has delete");
        }
    }

    private Installation open(BrokerUnderTest broker, AdaptationConfig config) {
        String prefix = broker.fresh("trainer");
        FileArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        return Installation.of(config, broker.bootstrapServers(), prefix, store)
                .open()
                .createTopics();
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
    }
}
