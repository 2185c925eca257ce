package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.CodecException;
import io.headwater.codec.EventType;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Serving;
import io.headwater.kafka.Topic;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records of other programs on the topics to which only Headwater should write. */
@OnEmbeddedBroker
@Timeout(120)
class ForeignRecordsTest {
    private static final byte[] FOREIGN = "{\"not\": \"an event\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void shouldSkipThemAndGoOnFromItsOwn(BrokerUnderTest broker) {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            String key = installation.lane(domain).key();
            train(installation, domain, 0, 48);
            for (Topic topic : List.of(Topic.SERVING, Topic.TRAINER_STATE, Topic.MODEL_VERSIONS)) {
                installation.send(topic, domain, "no lane", FOREIGN);
                installation.send(topic, domain, "no lane", null);
                installation.send(topic, domain, key, FOREIGN);
                installation.send(topic, domain, "another/" + domain, FOREIGN);
            }

            List<String> foreign = new CopyOnWriteArrayList<>();
            train(installation, domain, 48, 72, new TrainerListener() {
                @Override
                public void foreign(String topic) {
                    foreign.add(topic);
                }
            });

            List<ModelVersion> versions = versions(installation, domain);
            assertThat(versions).extracting(version -> version.ref().number()).containsExactly(1L, 2L, 3L);
            assertThat(versions.get(2).lineage().parent())
                    .isEqualTo(versions.get(1).ref());
            assertThat(versions.get(2).lineage().fromOffset()).isEqualTo(48);
            assertThat(foreign)
                    .contains(
                            installation.topics().name(Topic.SERVING),
                            installation.topics().name(Topic.TRAINER_STATE));
        }
    }

    /** Going on from an older state, or from none, would lose samples and publish numbers twice. */
    @Test
    void shouldNotGoOnFromAnOlderStateThanThatOfAnotherRelease(BrokerUnderTest broker) {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            train(installation, domain, 0, 24);
            installation.send(
                    Topic.TRAINER_STATE, domain, installation.lane(domain).key(), new byte[] {
                        (byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9
                    });
            installation.flush();

            Trainer trainer = installation.trainer("one", TrainerListener.NONE);
            trainer.runToEnd();

            assertThat(trainer.state()).isEqualTo(RoleState.FAILED);
            assertThat(trainer.failure())
                    .isInstanceOf(CodecException.class)
                    .hasMessageContainingAll(
                            installation.lane(domain).key(),
                            "of partition 0",
                            installation.topics().name(Topic.TRAINER_STATE),
                            "another release");
        }
    }

    @Test
    void shouldLetNoVersionServeAfterATombstoneUntilTheNextIsPromoted(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            train(installation, domain, 0, 24);
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                installation.command(
                        new Command(installation.lane(domain), Action.PIN, null, "Ada", "a test", Instant.EPOCH));
                trainer.awaitServing(installation.lane(domain));

                // When
                installation.send(
                        Topic.SERVING, domain, installation.lane(domain).key(), null);
                installation.flush();
                trainer.awaitWithdrawn(installation.lane(domain));
                send(installation, domain, 24, 48);

                // Then: the next version serves at once, since none does, and replaces none
                Serving next = trainer.awaitServing(installation.lane(domain));
                assertThat(next.version().number()).isEqualTo(2);
                assertThat(next.previous()).isNull();
            }
            assertThat(versions(installation, domain)).hasSize(2);
        }
    }

    private Installation open(BrokerUnderTest broker) {
        return Installation.of(Adaptations.text(Adaptations.BY_STEPS), broker, new FileArtifactStore(folder, 1 << 24))
                .open()
                .createTopics();
    }

    private static void train(Installation installation, String domain, int from, int to) {
        train(installation, domain, from, to, TrainerListener.NONE);
    }

    private static void train(Installation installation, String domain, int from, int to, TrainerListener listener) {
        send(installation, domain, from, to);
        installation.train(listener);
    }

    private static void send(Installation installation, String domain, int from, int to) {
        for (int i = from; i < to; i++) {
            Adaptations.send(installation, domain, i);
        }
        installation.flush();
    }

    private static List<ModelVersion> versions(Installation installation, String domain) {
        return installation.records(Topic.MODEL_VERSIONS, domain).stream()
                .map(record -> installation.codec().decode(EventType.MODEL_VERSION, record.value()))
                .filter(decoded -> decoded instanceof Outcome.Ok)
                .map(decoded -> ((Outcome.Ok<ModelVersion>) decoded).value())
                .toList();
    }
}
