package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.TaskKind;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import io.headwater.ops.LaneHistory;
import io.headwater.ops.LaneLog;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a version of one lane is merged into another lane exactly, or refused. */
@Timeout(120)
abstract class MergeContract {
    @TempDir
    private Path folder;

    @Test
    void shouldHaveTheStatisticsOfALaneThatSawTheSamplesOfBoth(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given two lanes on different partitions, and one that sees the samples of both
            String domain = installation.domain(0, 0);
            String other = installation.domain(1, 0);
            String whole = installation.domain(1, 1);
            send(installation, whole, 0, 40);
            send(installation, whole, 100, 148);
            List<ModelVersion> own = train(installation, domain, 0, 40);
            VersionRef newest = last(train(installation, other, 100, 148));
            long before = new History(installation).versions(other).size();

            // When
            merge(installation, domain, newest);

            // Then
            History history = new History(installation);
            ModelVersion merged = history.versions(domain).get(own.size());
            assertThat(merged.lineage().merged()).isEqualTo(new MergedVersion(newest, null));
            assertThat(merged.lineage().parent()).isEqualTo(last(own));
            assertThat(merged.lineage().steps()).isEmpty();
            assertThat(merged.totalSamples()).isEqualTo(40);
            assertThat(history.sums(domain).digest())
                    .isEqualTo(history.sums(whole).digest());
            assertThat(history.versions(other)).hasSize((int) before);
            LaneLog log = new LaneLog(installation.clients(), installation.codec());
            assertThat(LaneHistory.of(log, installation.lane(domain), 1).events())
                    .extracting(LaneHistory.Event::text)
                    .anyMatch(text -> text.endsWith("merged " + newest));

            // When it goes on
            train(installation, domain, 200, 224);
            train(installation, whole, 200, 224);

            // Then
            history = new History(installation);
            assertThat(history.sums(domain).digest())
                    .isEqualTo(history.sums(whole).digest());
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldAddOnlyWhatIsNewAndTakeOutWhatTheOtherLaneHasForgotten(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given a version that was merged, and a newer one that has forgotten a sample of it
            String domain = installation.domain(0, 0);
            String other = installation.domain(1, 0);
            String whole = installation.domain(0, 1);
            VersionRef first = last(train(installation, other, 0, 24));
            train(installation, domain, 99, 123);
            merge(installation, domain, first);
            installation.command(new Command(
                    installation.lane(other), Action.FORGET, null, "Ada", "", Instant.EPOCH, "id", List.of(3L)));
            installation.train();
            VersionRef second = last(train(installation, other, 24, 48));

            // When
            merge(installation, domain, second);
            merge(installation, domain, second);

            // Then
            send(installation, whole, 0, 3);
            send(installation, whole, 4, 48);
            train(installation, whole, 99, 123);
            History history = new History(installation);
            ModelVersion merged = history.versions(domain).get(2);
            assertThat(merged.lineage().merged()).isEqualTo(new MergedVersion(second, first));
            assertThat(history.versions(domain)).hasSize(3);
            assertThat(history.sums(domain).digest())
                    .isEqualTo(history.sums(whole).digest());
            assertThat(refusals(history)).singleElement().asString().contains("contains its samples already");
            history.requireReplayable();
        }
    }

    @Test
    void shouldCountTheSamplesOfACommonSourceOnce(BrokerUnderTest broker) throws Exception {
        AdaptationConfig config =
                Adaptations.of(TaskKind.TEXT_CLASSIFICATION, Adaptations.BY_STEPS, List.of(), "home", 0);
        try (Installation installation = open(broker, config)) {
            // Given two lanes that start from the same source, which goes on
            int away = 1 - installation.topics().partitionOf("home");
            String one = installation.domain(away, 0);
            String two = installation.domain(away, 1);
            VersionRef source = last(train(installation, "home", 0, 24));
            train(installation, one, 24, 48);
            VersionRef second = last(train(installation, two, 48, 72));
            VersionRef later = last(train(installation, "home", 72, 96));

            // When
            merge(installation, one, second);
            merge(installation, one, later);

            // Then
            History history = new History(installation);
            assertThat(history.versions(one))
                    .extracting(version -> version.lineage().merged())
                    .endsWith(new MergedVersion(second, source), new MergedVersion(later, source));
            assertThat(history.sums(one).samples().sums().rows()).isEqualTo(96);
            history.requireReplayable();
        }
    }

    @Test
    void shouldMergeTwoVersionsThatWaitForATrainer(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            VersionRef two = last(train(installation, installation.domain(1, 0), 0, 24));
            VersionRef three = last(train(installation, installation.domain(1, 1), 24, 48));
            train(installation, domain, 48, 72);
            send(installation, domain, 72, 76);

            order(installation, domain, two);
            order(installation, domain, three);
            order(installation, domain, two);
            installation.train();

            History history = new History(installation);
            assertThat(history.sums(domain).samples().sums().rows()).isEqualTo(76);
            assertThat(refusals(history)).singleElement().asString().contains("contains its samples already");
            assertThat(history.versions(domain).stream()
                            .map(version -> version.lineage().merged())
                            .filter(Objects::nonNull))
                    .containsExactly(new MergedVersion(two, null), new MergedVersion(three, null));
            history.requireReplayable();
        }
    }

    @Test
    void shouldMergeInAPauseAndAfterANewBeginning(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            VersionRef other = last(train(installation, installation.domain(1, 0), 0, 24));
            train(installation, domain, 24, 48);
            command(installation, domain, Action.PAUSE);
            train(installation, domain, 48, 60);
            merge(installation, domain, other);
            command(installation, domain, Action.RETRAIN);

            merge(installation, domain, other);
            command(installation, domain, Action.RESUME);
            train(installation, domain, 60, 84);

            History history = new History(installation);
            assertThat(history.versions(domain))
                    .extracting(version -> version.lineage().merged() != null)
                    .containsExactly(false, true, true, false);
            assertThat(history.versions(domain).get(2).lineage().parent()).isNull();
            assertThat(history.sums(domain).samples().sums().rows()).isEqualTo(48);
            assertThat(refusals(history)).isEmpty();
            history.requireExactlyOnce(1);
            history.requireReplayable();
        }
    }

    @Test
    void shouldRefuseNewSamplesOfAVersionAfterALaneHasFollowedAChange(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given a version that was merged, after which its lane has begun anew with the samples since a change
            String domain = installation.domain(0, 0);
            String other = installation.domain(1, 0);
            train(installation, domain, 0, 24);
            VersionRef first = last(train(installation, other, 24, 264));
            merge(installation, domain, first);
            int sent = 264;
            while (new History(installation).sums(other).samples().from() == 0 && sent < 2000) {
                for (int i = 0; i < 120; i++, sent++) {
                    String label = Adaptations.label(sent).equals("bad") ? "good" : "bad";
                    installation.sample(other, Adaptations.sentence(sent), label);
                }
                installation.train();
            }

            // When
            merge(installation, domain, last(new History(installation).versions(other)));

            // Then
            History history = new History(installation);
            assertThat(refusals(history))
                    .singleElement()
                    .asString()
                    .contains("one has followed a change of its stream since", "'headwater retrain'");
            assertThat(history.versions(domain)).hasSize(2);
        }
    }

    @Test
    void shouldRefuseWhatCannotBeMerged(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            VersionRef own = last(train(installation, domain, 0, 24));
            ModelVersion other =
                    train(installation, installation.domain(1, 0), 24, 48).get(0);
            Digest unknown = Digest.of(new byte[] {1});

            order(installation, domain, null);
            order(installation, domain, own);
            order(installation, domain, new VersionRef(other.ref().lane(), 9, unknown, unknown));
            order(installation, domain, ofAnotherTask(installation, other));
            order(installation, domain, withoutCheckpoint(installation, other));
            order(installation, domain, ofTheSameSamples(installation, own, other));
            order(installation, "nowhere", other.ref());
            installation.train();

            History history = new History(installation);
            assertThat(refusals(history))
                    .anySatisfy(text -> assertThat(text).startsWith("REFUSED MERGE must name a version"))
                    .anySatisfy(text -> assertThat(text).startsWith("REFUSED").contains("a version of the lane itself"))
                    .anySatisfy(
                            text -> assertThat(text).startsWith("NO_VERSION").contains("@9 is not published"))
                    .anySatisfy(text -> assertThat(text)
                            .startsWith("REFUSED")
                            .contains("its task is 'multi-label-classification'", "'text-classification'"))
                    .anySatisfy(
                            text -> assertThat(text).startsWith("NO_VERSION").contains("in the same store"))
                    .anySatisfy(
                            text -> assertThat(text).startsWith("NO_VERSION").contains("nowhere"))
                    .anySatisfy(text -> assertThat(text)
                            .startsWith("REFUSED")
                            .contains("has learned from the same samples of domain '" + domain + "' as the lane"))
                    .hasSize(7);
            assertThat(history.versions(domain)).hasSize(1);
        }
    }

    @Test
    void shouldRefuseLanesThatAreTrainedByGradients(BrokerUnderTest broker) throws Exception {
        AdaptationConfig config =
                Adaptations.of(TaskKind.TEXT_CLASSIFICATION, Adaptations.BY_STEPS, List.of(), null, 4);
        try (Installation installation = open(broker, config)) {
            String domain = installation.domain(0, 0);
            train(installation, domain, 0, 24);
            merge(installation, domain, last(train(installation, installation.domain(1, 0), 24, 48)));

            assertThat(refusals(new History(installation)))
                    .singleElement()
                    .asString()
                    .contains("trained by gradient steps, which cannot be added; send its samples to the lane instead");
        }
    }

    /** Publishes a version with the weights of {@code version} in an adaptation of another task. */
    private static VersionRef ofAnotherTask(Installation installation, ModelVersion version) {
        AdaptationConfig config = AdaptationConfig.of("labels", TaskKind.MULTI_LABEL_CLASSIFICATION, "test");
        Digest configuration =
                installation.store().put(AdaptationFile.canonical(config).getBytes(StandardCharsets.UTF_8));
        return publish(
                installation,
                new VersionRef(
                        new Lane("labels", version.ref().lane().domain()),
                        1,
                        version.ref().artifact(),
                        version.ref().checkpoint()),
                configuration);
    }

    private static VersionRef withoutCheckpoint(Installation installation, ModelVersion version) {
        return publish(
                installation,
                new VersionRef(
                        new Lane("elsewhere", version.ref().lane().domain()),
                        1,
                        version.ref().artifact(),
                        Digest.of(new byte[] {2})),
                version.lineage().configuration());
    }

    /** Publishes a version of another adaptation that reads the samples of {@code same}. */
    private static VersionRef ofTheSameSamples(Installation installation, VersionRef same, ModelVersion weights) {
        return publish(
                installation,
                new VersionRef(
                        new Lane("elsewhere", same.lane().domain()),
                        1,
                        weights.ref().artifact(),
                        weights.ref().checkpoint()),
                weights.lineage().configuration());
    }

    private static VersionRef publish(Installation installation, VersionRef ref, Digest configuration) {
        Lineage lineage = new Lineage(null, 0, 0, 24, List.of(24), Digest.of(new byte[] {3}), configuration);
        ModelVersion version = new ModelVersion(ref, lineage, List.of(), 24, Instant.EPOCH, Map.of());
        installation.send(
                Topic.MODEL_VERSIONS,
                ref.lane().domain(),
                ref.lane().key(),
                installation.codec().encode(EventType.MODEL_VERSION, version));
        installation.flush();
        return ref;
    }

    /** Returns the reasons and messages of all dead letters. */
    private static List<String> refusals(History history) {
        return history.deadLetterRecords().stream()
                .map(letter -> History.headers(letter).rejection())
                .map(rejection -> rejection.reason() + " " + rejection.message())
                .toList();
    }

    private static void merge(Installation installation, String domain, VersionRef version) {
        order(installation, domain, version);
        installation.train();
    }

    private static void command(Installation installation, String domain, Action action) {
        installation.command(new Command(installation.lane(domain), action, null, "Ada", "a test", Instant.EPOCH));
        installation.train();
    }

    private static void order(Installation installation, String domain, @Nullable VersionRef version) {
        installation.command(
                new Command(installation.lane(domain), Action.MERGE, version, "Ada", "a test", Instant.EPOCH));
    }

    private static VersionRef last(List<ModelVersion> versions) {
        return versions.get(versions.size() - 1).ref();
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
    }

    private Installation open(BrokerUnderTest broker) {
        return open(broker, Adaptations.text(Adaptations.BY_STEPS));
    }

    private Installation open(BrokerUnderTest broker, AdaptationConfig config) {
        String prefix = broker.fresh("merge");
        FileArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        return Installation.of(config, broker.bootstrapServers(), prefix, store)
                .open()
                .createTopics();
    }
}
