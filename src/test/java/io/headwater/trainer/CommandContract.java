package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Evaluation;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.ops.LaneHistory;
import io.headwater.ops.LaneLog;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

    @Test
    void shouldScoreButNotLearnWhileALaneIsPaused(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given
            String domain = installation.domain(0, 0);
            Lane lane = train(installation, domain, 0, 24).get(0).ref().lane();
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                // When
                installation.command(command(lane, Action.PAUSE, null));
                TrainerState paused = trainer.awaitState(lane);
                send(installation, domain, 24, 48);

                // Then
                assertThat(paused.pause())
                        .extracting(TrainerState.Pause::reason)
                        .isEqualTo("PAUSE by Ada: a test");
                PartitionCheckpoint scored = trainer.await(checkpoint -> checkpoint.samplesOffset() >= 48);
                assertThat(scored.versions()).isEmpty();
                assertThat(scored.evaluations()).singleElement().satisfies(evaluation -> {
                    assertThat(evaluation.kind()).isEqualTo(Evaluation.Kind.PREQUENTIAL);
                    assertThat(evaluation.samples()).isEqualTo(24);
                    assertThat(evaluation.fromOffset()).isEqualTo(24);
                    assertThat(evaluation.toOffset()).isEqualTo(48);
                    assertThat(evaluation.champion()).isEqualTo(1);
                });

                // When
                installation.command(command(lane, Action.RESUME, null));
                assertThat(trainer.awaitState(lane).pause()).isNull();
                send(installation, domain, 48, 72);
                trainer.awaitOffset(0, 72);
            }

            // Then
            History history = new History(installation);
            Lineage second = history.versions(domain).get(1).lineage();
            assertThat(second.skipped()).containsExactly(new OffsetRange(24, 48));
            assertThat(second.steps()).containsExactly(8, 8, 8);
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldStayPausedAfterARestartAndAddNoLabelOfSamplesThatItPassesOver(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            Lane lane = train(installation, domain, 0, 24).get(0).ref().lane();
            installation.command(command(lane, Action.PAUSE, null));
            installation.train();

            // When
            installation.sample(domain, "neither good nor bad", "neutral");
            train(installation, domain, 24, 60);
            assertThat(train(installation, domain, 60, 70)).hasSize(1);
            installation.command(command(lane, Action.RESUME, null));
            installation.train();
            train(installation, domain, 70, 94);

            // Then
            History history = new History(installation);
            ModelVersion second = history.versions(domain).get(1);
            assertThat(second.lineage().skipped()).containsExactly(new OffsetRange(24, 71));
            assertThat(second.labels()).containsExactlyInAnyOrder("good", "bad");
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldBeginAnewButKeepTheChampionUntilANewVersionIsBetter(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            List<ModelVersion> before = train(installation, domain, 0, 72);
            Serving served = last(new History(installation).servings(domain));

            // When
            installation.command(command(before.get(0).ref().lane(), Action.RETRAIN, null));
            installation.train();
            train(installation, domain, 72, 96);
            train(installation, domain, 96, 120);

            // Then
            History history = new History(installation);
            List<ModelVersion> versions = history.versions(domain);
            assertThat(versions).hasSize(5);
            assertThat(versions.get(3).lineage().parent()).isNull();
            assertThat(versions.get(3).totalSamples()).isEqualTo(24);
            assertThat(versions.get(4).lineage().parent())
                    .isEqualTo(versions.get(3).ref());
            assertThat(history.servings(domain)).allMatch(one -> one.decidedBy() == DecidedBy.GATE);
            assertThat(history.servings(domain)).contains(served);
            history.requireExactlyOnce(1);
            history.requireReplayable();
        }
    }

    @Test
    void shouldPinAVersionUntilItIsUnpinned(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            VersionRef first = train(installation, domain, 0, 72).get(0).ref();
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                installation.command(command(first.lane(), Action.PIN, first));
                Serving pinned = trainer.awaitServing(first.lane());
                assertThat(pinned.version()).isEqualTo(first);
                assertThat(pinned.held()).isTrue();
                send(installation, domain, 72, 120);
                trainer.awaitOffset(0, 120);

                installation.command(command(first.lane(), Action.UNPIN, null));
                Serving unpinned = trainer.awaitServing(first.lane());
                assertThat(unpinned.version()).isEqualTo(first);
                assertThat(unpinned.held()).isFalse();
            }
            History history = new History(installation);
            history.requireExactlyOnce();
            assertThat(history.servings(domain))
                    .filteredOn(one ->
                            one.since().isAfter(last(history.servings(domain)).since()))
                    .isEmpty();
        }
    }

    /** The stream goes on while a version is pinned, and its prediction sets with it. */
    @Test
    void shouldAnnounceNewThresholdsForAPinnedVersion(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            VersionRef first = train(installation, domain, 0, 72).get(0).ref();
            installation.command(command(first.lane(), Action.PIN, first));
            installation.train();
            Serving pinned = last(new History(installation).servings(domain));

            List<Evaluation> evaluations;
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                for (int i = 72; i < 144; i++) {
                    // Every fourth label is the other one, so that more answers than before may be true.
                    String right = Adaptations.label(i);
                    String other = right.equals("bad") ? "good" : "bad";
                    installation.sample(domain, Adaptations.sentence(i), i % 4 == 0 ? other : right);
                }
                installation.sent();
                evaluations = trainer.await(checkpoint -> checkpoint.samplesOffset() >= 144)
                        .evaluations();
            }

            History history = new History(installation);
            Serving newest = last(history.servings(domain));
            assertThat(newest.thresholds()).isNotNull().isNotEqualTo(pinned.thresholds());
            assertThat(newest.withThresholds(pinned.thresholds())).isEqualTo(pinned);
            assertThat(last(history.decisions(domain))).isEqualTo(pinned);
            LaneLog log = new LaneLog(installation.clients(), installation.codec());
            assertThat(LaneHistory.of(log, first.lane(), 1).events())
                    .filteredOn(event -> event.type() == LaneHistory.Type.DECIDED)
                    .hasSize(1);
            assertThat(evaluations)
                    .filteredOn(evaluation -> evaluation.kind() == Evaluation.Kind.PREQUENTIAL)
                    .singleElement()
                    .satisfies(evaluation ->
                            assertThat(evaluation.metrics().get("coverage")).isBetween(0.5, 1.0));
            history.requireReplayable();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"RESUME", "UNPIN"})
    void shouldRefuseToEndWhatHasNotBegun(Action action, BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            Lane lane = train(installation, domain, 0, 24).get(0).ref().lane();
            installation.command(command(lane, action, null));
            installation.train();
            assertThat(new History(installation).deadLetterRecords())
                    .extracting(letter -> History.headers(letter).rejection())
                    .singleElement()
                    .satisfies(rejection -> {
                        assertThat(rejection.reason()).isEqualTo(Reason.REFUSED);
                        assertThat(rejection.message()).contains(lane.key(), "'headwater p");
                    });
        }
    }

    static Stream<Arguments> commandsAndFaults() {
        return Stream.of(Action.PAUSE, Action.RETRAIN, Action.PIN, Action.FORGET, Action.MERGE)
                .flatMap(action -> Stream.of(Breaking.Last.values()).map(last -> Arguments.of(action, last)));
    }

    @ParameterizedTest
    @MethodSource("commandsAndFaults")
    void shouldCarryACommandOutOnceWhereverTheTrainerBreaks(Action action, Breaking.Last last, BrokerUnderTest broker)
            throws Exception {
        try (Installation installation = open(broker)) {
            // Given
            String domain = installation.domain(0, 0);
            VersionRef other =
                    train(installation, installation.domain(1, 0), 0, 24).get(0).ref();
            VersionRef first = train(installation, domain, 0, 28).get(0).ref();
            installation.command(
                    switch (action) {
                        case FORGET -> forget(first.lane(), 5);
                        case PIN -> command(first.lane(), action, first);
                        case MERGE -> command(first.lane(), action, other);
                        default -> command(first.lane(), action, null);
                    });
            send(installation, domain, 28, 72);

            // When
            installation.trainer("one", new Breaking(last, 1)).runToEnd();
            installation.train();
            if (action == Action.PAUSE) {
                installation.command(command(first.lane(), Action.RESUME, null));
                installation.train();
            }
            train(installation, domain, 72, 100);

            // Then
            History history = new History(installation);
            history.requireExactlyOnce(action == Action.RETRAIN ? 1 : 0);
            history.requireReplayable();
            assertThat(history.states(domain))
                    .extracting(TrainerState::pause)
                    .filteredOn(Objects::nonNull)
                    .extracting(TrainerState.Pause::since)
                    .satisfies(since -> assertThat(Set.copyOf(since)).hasSize(action == Action.PAUSE ? 1 : 0));
            assertThat(history.versions(domain))
                    .filteredOn(version -> version.lineage().parent() == null)
                    .hasSize(action == Action.RETRAIN ? 2 : 1);
            assertThat(history.versions(domain).stream()
                            .flatMap(version -> version.lineage().forgotten().stream())
                            .map(ForgottenSample::offset))
                    .isEqualTo(action == Action.FORGET ? List.of(5L) : List.of());
            assertThat(history.versions(domain).stream()
                            .map(version -> version.lineage().merged())
                            .filter(Objects::nonNull)
                            .map(MergedVersion::version))
                    .isEqualTo(action == Action.MERGE ? List.of(other) : List.of());
            assertThat(history.sums(domain).samples().sums().rows())
                    .isEqualTo(
                            switch (action) {
                                case FORGET -> 99;
                                case MERGE -> 124;
                                default -> last(history.versions(domain)).totalSamples();
                            });
            assertThat(history.decisions(domain))
                    .filteredOn(serving -> serving.decidedBy() == DecidedBy.PERSON)
                    .hasSize(action == Action.PIN ? 1 : 0);
        }
    }

    @Test
    void shouldNotCarryCommandsOutAgainWhenTheGroupHasForgottenItsOffsets(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker);
                Admin admin = broker.admin()) {
            String domain = installation.domain(0, 0);
            VersionRef first = train(installation, domain, 0, 72).get(0).ref();
            installation.command(command(first.lane(), Action.PIN, first));
            installation.command(command(first.lane(), Action.RETRAIN, null));
            installation.train();
            admin.deleteConsumerGroups(List.of(installation.group())).all().get();

            train(installation, domain, 72, 96);

            History history = new History(installation);
            history.requireExactlyOnce(1);
            assertThat(history.decisions(domain))
                    .filteredOn(serving -> serving.decidedBy() == DecidedBy.PERSON)
                    .hasSize(1);
            assertThat(history.states(domain))
                    .extracting(TrainerState::restart)
                    .filteredOn(Objects::nonNull)
                    .hasSize(1);
        }
    }

    @Test
    void shouldForgetASampleInAVersionOfItsOwn(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given
            String domain = installation.domain(0, 0);
            Lane lane = train(installation, domain, 0, 24).get(0).ref().lane();
            try (RunningTrainer trainer = new RunningTrainer(installation, "one")) {
                // When
                installation.command(forget(lane, 3));
                ModelVersion second = onlyVersion(trainer);
                send(installation, domain, 24, 48);
                ModelVersion third = onlyVersion(trainer);

                // Then
                assertThat(second.lineage().steps()).isEmpty();
                assertThat(second.lineage().forgotten())
                        .extracting(ForgottenSample::sampleId, ForgottenSample::offset, ForgottenSample::afterSteps)
                        .containsExactly(tuple("id", 3L, 0));
                assertThat(third.lineage().forgotten()).isEmpty();
                assertThat(third.lineage().parent()).isEqualTo(second.ref());
            }
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldGoOnWithoutTheSampleThatItForgot(BrokerUnderTest broker) throws Exception {
        try (Installation forgetful = open(broker);
                Installation other = open(broker)) {
            // Given two lanes with the same samples, of which one forgets a sample that it would replay
            String domain = forgetful.domain(0, 0);
            Lane lane = train(forgetful, domain, 0, 24).get(0).ref().lane();
            train(other, domain, 0, 24);
            forgetful.command(forget(lane, 3));
            forgetful.train();

            // When
            train(forgetful, domain, 24, 48);
            train(other, domain, 24, 48);

            // Then
            assertThat(last(new History(forgetful).versions(domain)).ref().artifact())
                    .isNotEqualTo(
                            last(new History(other).versions(domain)).ref().artifact());
            new History(forgetful).requireReplayable();
        }
    }

    @Test
    void shouldForgetASampleInAPause(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given
            String domain = installation.domain(0, 0);
            Lane lane = train(installation, domain, 0, 24).get(0).ref().lane();
            installation.command(command(lane, Action.PAUSE, null));
            installation.train();
            train(installation, domain, 24, 40);

            // When
            installation.command(forget(lane, 3));
            installation.train();
            train(installation, domain, 40, 50);
            installation.command(command(lane, Action.RESUME, null));
            installation.train();
            train(installation, domain, 50, 74);

            // Then
            History history = new History(installation);
            List<Lineage> lineages =
                    history.versions(domain).stream().map(ModelVersion::lineage).toList();
            assertThat(lineages).hasSize(3);
            assertThat(lineages.get(1).skipped()).containsExactly(new OffsetRange(24, 40));
            assertThat(lineages.get(1).forgotten()).hasSize(1);
            assertThat(lineages.get(2).skipped()).containsExactly(new OffsetRange(40, 50));
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldBeginAnewFromTheSourceAlsoAfterARestart(BrokerUnderTest broker) throws Exception {
        AdaptationConfig config =
                Adaptations.of(TaskKind.TEXT_CLASSIFICATION, Adaptations.BY_STEPS, List.of(), "home", 0);
        try (Installation installation = open(broker, config)) {
            // Given
            train(installation, "home", 0, 24);
            String domain = installation.domain(1 - installation.topics().partitionOf("home"), 0);
            Lane lane = train(installation, domain, 24, 48).get(0).ref().lane();
            train(installation, "home", 48, 72);
            installation.command(command(lane, Action.RETRAIN, null));
            installation.train();
            VersionRef source = last(new History(installation).servings("home")).version();

            // When
            train(installation, "home", 72, 96);
            train(installation, domain, 96, 120);

            // Then
            History history = new History(installation);
            assertThat(last(history.versions(domain)).lineage().parent()).isEqualTo(source);
            history.requireExactlyOnce(1);
            history.requireReplayable();
        }
    }

    static Stream<Arguments> whatCannotBeForgotten() {
        return Stream.of(
                Arguments.of(List.of(), "id", "must name 1 to 100 offsets"),
                Arguments.of(List.of(3L), "another", "has no sample 'another' at offset 3"),
                Arguments.of(List.of(1000L), "id", "has learned from no sample at offset 1000"),
                Arguments.of(List.of(5L), "id", "has learned from no sample at offset 5"),
                Arguments.of(List.of(30L), "id", "has learned from no sample at offset 30"));
    }

    @ParameterizedTest
    @MethodSource("whatCannotBeForgotten")
    void shouldRefuseToForgetWhatALaneHasNotLearned(
            List<Long> offsets, String id, String message, BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given a sample that is forgotten already, and samples that were passed over
            String domain = installation.domain(0, 0);
            Lane lane = train(installation, domain, 0, 24).get(0).ref().lane();
            installation.command(forget(lane, 5));
            installation.command(command(lane, Action.PAUSE, null));
            installation.train();
            train(installation, domain, 24, 40);

            // When
            installation.command(new Command(lane, Action.FORGET, null, "Ada", "", Instant.EPOCH, id, offsets));
            installation.train();

            // Then
            History history = new History(installation);
            assertThat(history.deadLetterRecords())
                    .extracting(letter -> History.headers(letter).rejection())
                    .singleElement()
                    .satisfies(rejection -> {
                        assertThat(rejection.reason()).isEqualTo(Reason.REFUSED);
                        assertThat(rejection.message()).contains(message);
                    });
            assertThat(history.versions(domain)).hasSize(2);
        }
    }

    private static ModelVersion onlyVersion(RunningTrainer trainer) throws InterruptedException {
        return trainer.await(checkpoint -> !checkpoint.versions().isEmpty())
                .versions()
                .get(0);
    }

    private static Command forget(Lane lane, long offset) {
        return new Command(lane, Action.FORGET, null, "Ada", "a request", Instant.EPOCH, "id", List.of(offset));
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
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
        return open(broker, Adaptations.text(Adaptations.BY_STEPS));
    }

    private Installation open(BrokerUnderTest broker, AdaptationConfig config) {
        String prefix = broker.fresh("command");
        FileArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        return Installation.of(config, broker.bootstrapServers(), prefix, store)
                .open()
                .createTopics();
    }
}
