package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the operators' commands for a lane. */
@Timeout(120)
abstract class CommandContract {
    @TempDir
    private Path folder;

    @Test
    void shouldRollBackAndHoldUntilSomeonePromotes(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given
            String domain = installation.domain(0, 0);
            List<ModelVersion> versions = train(installation, domain, 0, 72);
            Lane lane = versions.get(0).ref().lane();

            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                // When
                installation.command(
                        command(lane, Action.ROLLBACK, versions.get(0).ref()));

                // Then
                Serving back = trainer.awaitServing(lane);
                assertThat(back.version()).isEqualTo(versions.get(0).ref());
                assertThat(back.decidedBy()).isEqualTo(DecidedBy.PERSON);
                assertThat(back.held()).isTrue();

                // When
                send(installation, domain, 72, 96);
                trainer.awaitOffset(0, 96);
                installation.command(command(lane, Action.PROMOTE, null));

                // Then
                Serving promoted = trainer.awaitServing(lane);
                assertThat(promoted.version().number()).isEqualTo(4);
                assertThat(promoted.previous()).isEqualTo(versions.get(0).ref());
                assertThat(promoted.held()).isFalse();
            }
            new History(installation).requireExactlyOnce();
        }
    }

    @Test
    void shouldRollBackToTheChampionBeforeWhenNoVersionIsNamed(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            List<ModelVersion> versions = train(installation, domain, 0, 72);
            Lane lane = versions.get(0).ref().lane();
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                installation.command(
                        command(lane, Action.PROMOTE, versions.get(1).ref()));
                trainer.awaitServing(lane);
                installation.command(
                        command(lane, Action.PROMOTE, versions.get(2).ref()));
                trainer.awaitServing(lane);
                installation.command(command(lane, Action.ROLLBACK, null));
                assertThat(trainer.awaitServing(lane).version())
                        .isEqualTo(versions.get(1).ref());
            }
        }
    }

    @Test
    void shouldRefuseAVersionThatIsNone(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given an artifact that is not a head
            String domain = installation.domain(0, 0);
            VersionRef first = train(installation, domain, 0, 24).get(0).ref();
            VersionRef noHead =
                    new VersionRef(first.lane(), 1, installation.context().configuration(), first.checkpoint());
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                // When
                installation.command(command(first.lane(), Action.PROMOTE, noHead));

                // Then
                PartitionCheckpoint refused =
                        trainer.await(checkpoint -> !checkpoint.deadLetters().isEmpty());
                assertThat(refused.deadLetters().get(0).rejection().reason()).isEqualTo(Reason.NO_VERSION);
                assertThat(refused.commandsOffset()).isEqualTo(1);
                // And the trainer continues.
                send(installation, domain, 24, 48);
                trainer.awaitOffset(0, 48);
            }
        }
    }

    @Test
    void shouldLeaveTheCommandsOfOtherAdaptationsAlone(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            VersionRef first = train(installation, domain, 0, 24).get(0).ref();
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                installation.command(command(new Lane("another", domain), Action.PROMOTE, null));
                installation.command(command(first.lane(), Action.PROMOTE, null));
                trainer.await(checkpoint -> checkpoint.commandsOffset() == 2);
            }
            History history = new History(installation);
            assertThat(history.deadLetters()).isEmpty();
            assertThat(history.servings(domain))
                    .last()
                    .extracting(Serving::decidedBy)
                    .isEqualTo(DecidedBy.PERSON);
        }
    }

    @Test
    void shouldCompareWithTheVersionThatAPersonChoseAlsoAfterARestart(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given a comparison with some champion, and then another champion
            String domain = installation.domain(0, 0);
            VersionRef first = train(installation, domain, 0, 72).get(0).ref();
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                installation.command(command(first.lane(), Action.PROMOTE, first));
                trainer.awaitServing(first.lane());
            }

            // When
            send(installation, domain, 72, 96);

            // Then
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                PartitionCheckpoint checkpoint =
                        trainer.await(published -> !published.versions().isEmpty());
                assertThat(checkpoint.evaluations())
                        .filteredOn(evaluation -> evaluation.kind() != Evaluation.Kind.PREQUENTIAL)
                        .extracting(Evaluation::samples)
                        .containsExactly(24);
            }
        }
    }

    @Test
    void shouldNotCarryACommandOutTwice(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            VersionRef first = train(installation, domain, 0, 24).get(0).ref();
            for (int i = 0; i < 2; i++) {
                try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                    installation.command(command(first.lane(), Action.PROMOTE, first));
                    trainer.awaitServing(first.lane());
                }
            }
            assertThat(new History(installation).servings(domain))
                    .extracting(Serving::decidedBy)
                    .containsExactly(DecidedBy.GATE, DecidedBy.PERSON, DecidedBy.PERSON);
        }
    }

    private static Command command(Lane lane, Action action, @Nullable VersionRef version) {
        return new Command(lane, action, version, "Ada", "a test", Instant.EPOCH);
    }

    private static List<ModelVersion> train(Installation installation, String domain, int from, int to) {
        send(installation, domain, from, to);
        installation.train();
        return new History(installation).versions(domain);
    }

    private static void send(Installation installation, String domain, int from, int to) {
        for (int i = from; i < to; i++) {
            Adaptations.send(installation, domain, i);
        }
        installation.sent();
    }

    private Installation open(BrokerUnderTest broker) {
        AdaptationConfig config = Adaptations.text(Adaptations.BY_STEPS);
        String prefix = broker.fresh("command");
        FileArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        return Installation.of(config, broker.bootstrapServers(), prefix, store)
                .open()
                .createTopics();
    }
}
