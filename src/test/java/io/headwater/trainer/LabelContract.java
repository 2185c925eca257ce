package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.ops.LaneHistory;
import io.headwater.ops.LaneLog;
import io.headwater.ops.lane.LaneLabels;
import io.headwater.ops.lane.LaneLabels.Row;
import io.headwater.ops.lane.LaneLabels.State;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that classes of a lane are merged, removed and restored by commands, exactly and once. */
@Timeout(120)
abstract class LabelContract {
    private static final String SPELLED = "goood";
    private static final List<String> BOTH = List.of("bad", "good");

    @TempDir
    private Path folder;

    @Test
    void shouldMakeOneClassOfTwo(BrokerUnderTest broker) {
        try (Installation installation = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            // Given a lane with a class under two names, and one that knows it under one
            String domain = installation.domain(0, 0);
            String whole = installation.domain(1, 0);
            send(installation, domain, 0, 48, SPELLED);
            send(installation, whole, 0, 48, "good");
            installation.train();
            int before = new History(installation).versions(domain).size();

            // When
            edit(installation, domain, Action.MERGE_LABEL, SPELLED, "good", List.of());

            // Then
            History history = new History(installation);
            ModelVersion merged = history.versions(domain).get(before);
            assertThat(merged.lineage().relabelled())
                    .isEqualTo(new LabelEdit(Action.MERGE_LABEL, SPELLED, "good", List.of(), List.of()));
            assertThat(merged.lineage().steps()).isEmpty();
            assertThat(merged.labels()).containsExactlyInAnyOrder("bad", "good");
            assertThat(history.digest(domain, BOTH)).isEqualTo(history.digest(whole, BOTH));

            // When samples with both names come, after a restart
            send(installation, domain, 48, 96, SPELLED);
            send(installation, whole, 48, 96, "good");
            installation.train();

            // Then
            history = new History(installation);
            assertThat(history.digest(domain, BOTH)).isEqualTo(history.digest(whole, BOTH));
            assertThat(history.versions(domain))
                    .last()
                    .satisfies(version -> assertThat(version.labels()).containsExactlyInAnyOrder("bad", "good"));
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(rows(installation, domain))
                    .filteredOn(row -> row.label().equals(SPELLED))
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.state()).isEqualTo(State.MERGED);
                        assertThat(row.into()).isEqualTo("good");
                        assertThat(row.onTopic()).isPositive();
                        assertThat(row.lastSeen()).isNotNull();
                    });
            assertThat(texts(installation, domain)).anyMatch(text -> text.endsWith("merged class 'goood' into 'good'"));
        }
    }

    @Test
    void shouldRemoveAClassWithItsSamples(BrokerUnderTest broker) {
        try (Installation installation = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            String domain = installation.domain(0, 0);
            String never = installation.domain(1, 0);
            send(installation, domain, 0, 48, SPELLED);
            for (int i = 0; i < 48; i++) {
                if (!label(i, SPELLED).equals(SPELLED)) {
                    installation.sample(never, Adaptations.sentence(i), label(i, SPELLED));
                }
            }
            installation.train();

            // When the class is removed
            edit(installation, domain, Action.REMOVE_LABEL, SPELLED, "", List.of());
            List<Long> contained = labels(installation, domain).contained(SPELLED);
            assertThat(contained).hasSize(12);
            installation.send(domain, value(installation, 48), false);
            installation.train();

            // Then later samples of it are dead letters, and are not taken for some that were learned
            History history = new History(installation);
            assertThat(history.deadLetters()).containsValue(Reason.BAD_LABEL).hasSize(1);
            assertThat(labels(installation, domain).contained(SPELLED)).isEqualTo(contained);

            // When its samples are taken out
            edit(installation, domain, Action.REMOVE_LABEL, SPELLED, "", contained.subList(0, 5));
            edit(installation, domain, Action.REMOVE_LABEL, SPELLED, "", contained.subList(5, 12));
            send(installation, domain, 64, 72, "good");
            send(installation, never, 64, 72, "good");
            installation.train();

            // Then
            history = new History(installation);
            assertThat(labels(installation, domain).contained(SPELLED)).isEmpty();
            assertThat(history.digest(domain, BOTH)).isEqualTo(history.digest(never, BOTH));
            assertThat(history.rows(domain, SPELLED)).isZero();
            List<ModelVersion> versions = history.versions(domain);
            LabelEdit last = versions.stream()
                    .map(version -> version.lineage().relabelled())
                    .filter(Objects::nonNull)
                    .reduce((first, second) -> second)
                    .orElseThrow();
            assertThat(last.offsets()).isEqualTo(contained.subList(5, 12));
            assertThat(last.remaining()).isEmpty();
            assertThat(versions.get(versions.size() - 1).labels()).containsExactlyInAnyOrder("bad", "good");
            history.requireExactlyOnce();
            history.requireReplayable();

            // When the same is sent again, and a sample that was never learned
            edit(installation, domain, Action.REMOVE_LABEL, SPELLED, "", contained.subList(0, 1));
            edit(installation, domain, Action.REMOVE_LABEL, SPELLED, "", List.of(last(installation, domain, false)));
            assertThat(refusals(new History(installation)))
                    .filteredOn(text -> text.contains("has learned from no sample of class 'goood'"))
                    .hasSize(2);

            // When it is restored
            edit(installation, domain, Action.RESTORE_LABEL, SPELLED, "", List.of());
            installation.sample(domain, Adaptations.sentence(100), SPELLED);
            installation.train();

            // Then
            history = new History(installation);
            assertThat(history.rows(domain, SPELLED)).isEqualTo(1);
            assertThat(labels(installation, domain).contained(SPELLED)).hasSize(1);
            history.requireReplayable();
        }
    }

    @Test
    void shouldSayWhatIsNotExactInAHeadThatIsTrainedByGradients(BrokerUnderTest broker) {
        AdaptationConfig config =
                Adaptations.text(Adaptations.BY_STEPS).withHead(new HeadConfig(0).withLearns(Learns.GRADIENT));
        try (Installation installation = open(broker, config)) {
            String domain = installation.domain(0, 0);
            send(installation, domain, 0, 48, SPELLED);
            installation.train();

            edit(installation, domain, Action.MERGE_LABEL, SPELLED, "good", List.of());
            send(installation, domain, 48, 96, SPELLED);
            installation.train();

            History history = new History(installation);
            assertThat(history.versions(domain))
                    .extracting(version -> version.lineage().relabelled())
                    .filteredOn(Objects::nonNull)
                    .singleElement()
                    .satisfies(edit -> assertThat(edit.remaining())
                            .containsExactly("the weights of the head, which was trained by gradient steps"));
            assertThat(labels(installation, domain).contained(SPELLED)).isEmpty();
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    @Test
    void shouldRefuseClassesThatTheLaneDoesNotHave(BrokerUnderTest broker) {
        try (Installation installation = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            String domain = installation.domain(0, 0);
            send(installation, domain, 0, 24, "good");
            installation.train();
            edit(installation, domain, Action.MERGE_LABEL, "ugly", "good", List.of());
            edit(installation, domain, Action.REMOVE_LABEL, "", "", List.of());
            edit(installation, installation.domain(0, 1), Action.REMOVE_LABEL, "good", "", List.of());

            History history = new History(installation);
            assertThat(refusals(history))
                    .anyMatch(text -> text.contains("REFUSED") && text.contains("class 'ugly' is not known"))
                    .anyMatch(text -> text.contains("REMOVE_LABEL must name the classes"))
                    .anyMatch(text -> text.contains("NO_VERSION"));
            assertThat(history.versions(domain)).hasSize(1);
        }
    }

    private static String label(int i, String every) {
        return i % 4 == 1 ? every : Adaptations.label(i);
    }

    private static void send(Installation installation, String domain, int from, int to, String every) {
        for (int i = from; i < to; i++) {
            installation.sample(domain, Adaptations.sentence(i), label(i, every));
        }
    }

    private static byte[] value(Installation installation, int i) {
        return installation.value(new Payload.Text(Adaptations.sentence(i)), SPELLED);
    }

    private static long last(Installation installation, String domain, boolean valid) {
        return installation.sent().stream()
                .filter(sent -> sent.valid() == valid
                        && sent.partition() == installation.topics().partitionOf(domain))
                .mapToLong(Installation.Sent::offset)
                .max()
                .orElseThrow();
    }

    private static void edit(
            Installation installation, String domain, Action action, String label, String into, List<Long> offsets) {
        installation.command(new Command(
                installation.lane(domain), action, null, "Ada", "a test", Instant.EPOCH, "", offsets, label, into));
        installation.train();
    }

    private static LaneLabels labels(Installation installation, String domain) {
        return new LaneLabels(
                installation.clients(), installation.codec(), installation.store(), installation.lane(domain));
    }

    private static List<Row> rows(Installation installation, String domain) {
        return labels(installation, domain).all();
    }

    private static List<String> texts(Installation installation, String domain) {
        LaneLog log = new LaneLog(installation.clients(), installation.codec());
        return LaneHistory.of(log, installation.lane(domain), 1).events().stream()
                .map(LaneHistory.Event::text)
                .toList();
    }

    private static List<String> refusals(History history) {
        return history.deadLetterRecords().stream()
                .map(letter -> History.headers(letter).rejection())
                .map(rejection -> rejection.reason() + " " + rejection.message())
                .toList();
    }

    private Installation open(BrokerUnderTest broker, AdaptationConfig config) {
        String prefix = broker.fresh("labels");
        FileArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        return Installation.of(config, broker.bootstrapServers(), prefix, store)
                .open()
                .createTopics();
    }
}
