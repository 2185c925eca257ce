package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.LearnedSamples;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Rejection.Reason;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that labels of requests are corrected, exactly and once. */
@Timeout(120)
abstract class CorrectionContract {
    private static final List<String> BOTH = List.of("bad", "good");

    @TempDir
    private Path folder;

    @Test
    void shouldLearnACorrectionInThePlaceOfWhatItCorrects(BrokerUnderTest broker) {
        try (Installation installation = open(broker, Adaptations.text(Adaptations.BY_STEPS))) {
            // Given a lane whose labels were wrong at first, and one that has never seen a wrong one
            String corrected = installation.domain(0, 0);
            String right = installation.domain(1, 0);
            for (int i = 0; i < 48; i++) {
                label(installation, corrected, i, i % 4 == 0 ? wrong(i) : Adaptations.label(i), "");
                label(installation, right, i, Adaptations.label(i), "");
            }
            installation.train();

            // When corrections come, after a restart, and one of a label that comes with it
            for (int i = 0; i < 48; i += 4) {
                label(installation, corrected, i, Adaptations.label(i), wrong(i));
            }
            label(installation, corrected, 50, wrong(50), "");
            label(installation, corrected, 50, Adaptations.label(50), wrong(50));
            label(installation, right, 50, Adaptations.label(50), "");
            installation.train();

            // Then
            History history = new History(installation);
            assertThat(history.digest(corrected, BOTH)).isEqualTo(history.digest(right, BOTH));
            history.requireExactlyOnce();
            history.requireReplayable();
            List<ModelVersion> versions = history.versions(corrected);
            List<Long> offsets = offsets(installation, corrected);
            assertThat(versions.stream().flatMap(version -> version.lineage().corrected().stream()))
                    .hasSize(13)
                    .allMatch(offset -> offsets.indexOf(offset) % 4 == 0 || offset.equals(offsets.get(60)));
            LearnedSamples learned =
                    LearnedSamples.of(versions.get(versions.size() - 1).ref(), versions);
            assertThat(offsets).filteredOn(learned::contains).hasSize(49);

            // When what was corrected is to be forgotten
            installation.command(new Command(
                    installation.lane(corrected),
                    Action.FORGET,
                    null,
                    "Ada",
                    "a test",
                    Instant.EPOCH,
                    "request-0",
                    List.of(offsets.get(0))));
            installation.train();

            // Then there is nothing to forget
            history = new History(installation);
            assertThat(history.deadLetters()).containsValue(Reason.REFUSED);
            assertThat(history.digest(corrected, BOTH)).isEqualTo(history.digest(right, BOTH));
        }
    }

    @Test
    void shouldLearnACorrectionByGradientsLikeAnySample(BrokerUnderTest broker) {
        AdaptationConfig config =
                Adaptations.text(Adaptations.BY_STEPS).withHead(new HeadConfig(0).withLearns(Learns.GRADIENT));
        try (Installation installation = open(broker, config)) {
            String domain = installation.domain(0, 0);
            for (int i = 0; i < 48; i++) {
                label(installation, domain, i, i % 4 == 0 ? wrong(i) : Adaptations.label(i), "");
            }
            for (int i = 0; i < 48; i += 4) {
                label(installation, domain, i, Adaptations.label(i), wrong(i));
            }
            installation.train();

            History history = new History(installation);
            assertThat(history.versions(domain).stream().flatMap(version -> version.lineage().corrected().stream()))
                    .hasSize(12);
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    private static String wrong(int i) {
        return Adaptations.label(i).equals("bad") ? "good" : "bad";
    }

    private static void label(Installation installation, String domain, int i, String label, String corrects) {
        Adaptations.label(installation, domain, "request-" + i, Adaptations.sentence(i), label, corrects);
    }

    private static List<Long> offsets(Installation installation, String domain) {
        return installation.sent().stream()
                .filter(sent -> sent.partition() == installation.topics().partitionOf(domain))
                .map(Installation.Sent::offset)
                .toList();
    }

    private Installation open(BrokerUnderTest broker, AdaptationConfig config) {
        String prefix = broker.fresh("corrections");
        FileArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        return Installation.of(config, broker.bootstrapServers(), prefix, store)
                .open()
                .createTopics();
    }
}
