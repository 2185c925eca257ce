package io.headwater.featurizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import io.headwater.featurizer.FeaturizerProcess.Stage;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.Adaptations;
import io.headwater.trainer.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills featurizers with SIGKILL at each stage of their work, in the middle of transactions. Others take over. In the end each
 * sample has exactly one record of features, and a trainer that computes no features itself has learned byte for byte what one
 * does that computes all of them.
 */
@OnEmbeddedBroker
@Timeout(300)
class FeaturizerKillIT {
    private static final int KILLED = 128 + 9;
    private static final int SAMPLES = 1200;
    private static final AheadSettings PATIENT = new AheadSettings(true, Duration.ofHours(1), 1 << 20);

    @TempDir
    private Path folder;

    @Test
    void shouldFeaturizeEachRecordOnceWhateverHappens(BrokerUnderTest broker) throws Exception {
        Map<String, Digest> expected;
        try (Installation fused = open(broker, broker.fresh("fused"), CountedBackbone.counting(), AheadSettings.OFF)) {
            Adaptations.sendThreeLanes(fused, SAMPLES);
            fused.train();
            expected = new History(fused).digests();
        }
        List<Killed> all = new ArrayList<>();
        try {
            for (Stage stage : Stage.values()) {
                String prefix = broker.fresh(stage.name());
                Killed one = new Killed(
                        stage,
                        prefix,
                        open(broker, prefix, CountedBackbone.forbidden(), PATIENT),
                        open(broker, prefix, CountedBackbone.counting(), AheadSettings.OFF));
                all.add(one);
                Adaptations.sendThreeLanes(one.learning(), SAMPLES);
                one.learning().flush();
            }
            kill(broker, all.subList(0, 2));
            kill(broker, all.subList(2, all.size()));

            for (Killed one : all) {
                assertThat(Features.count(one.learning())).isBetween(1, SAMPLES);
                try (RunningFeaturizer successor = new RunningFeaturizer(one.computing(), "one")) {
                    one.learning().train();
                    successor.awaitRecords(1);
                }
                assertThat(new History(one.learning()).digests())
                        .as(one.prefix())
                        .isEqualTo(expected);
                Features.requireOneForEach(one.learning());
            }
        } finally {
            all.forEach(Killed::close);
        }
    }

    /** A featurizer that is killed at a stage, with the installation of its trainer and that of its successor. */
    private record Killed(Stage stage, String prefix, Installation learning, Installation computing) {
        void close() {
            learning.close();
            computing.close();
        }
    }

    /** Kills featurizers that run at the same time. */
    private void kill(BrokerUnderTest broker, List<Killed> some) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (Killed one : some) {
            processes.add(FeaturizerProcess.start(
                    broker.bootstrapServers(), one.prefix(), folder, one.stage(), folder.resolve("log")));
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).as(this::logged).isEqualTo(KILLED);
        }
    }

    private Installation open(BrokerUnderTest broker, String prefix, CountedBackbone backbone, AheadSettings ahead) {
        return FeaturizerProcess.installation(broker.bootstrapServers(), prefix, folder, backbone, ahead)
                .createTopics();
    }

    private String logged() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
