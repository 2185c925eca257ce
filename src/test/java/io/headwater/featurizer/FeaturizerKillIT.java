package io.headwater.featurizer;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a featurizer with SIGKILL at each stage of its work, in the middle of transactions; another one takes over each time. In
 * the end each sample has exactly one record of features, and a trainer that computes no features itself has learned byte for
 * byte what one does that computes all of them.
 */
@OnEmbeddedBroker
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class FeaturizerKillIT {
    private static final int KILLED = 128 + 9;

    /** Samples before each process, of which it has featurized some when it is killed. */
    private static final int SAMPLES = 400;

    private static final AheadSettings PATIENT = new AheadSettings(true, Duration.ofHours(1), 1 << 20);

    @TempDir
    private Path folder;

    @Test
    void shouldFeaturizeEachRecordOnceWhateverHappens(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("killed");
        try (Installation fused = open(broker, broker.fresh("fused"), CountedBackbone.counting(), AheadSettings.OFF);
                Installation learning = open(broker, prefix, CountedBackbone.forbidden(), PATIENT);
                Installation computing = open(broker, prefix, CountedBackbone.counting(), AheadSettings.OFF)) {
            int before = 0;
            for (Stage stage : Stage.values()) {
                send(fused, stage);
                send(learning, stage);
                Process process = FeaturizerProcess.start(
                        broker.bootstrapServers(), prefix, folder, stage, folder.resolve("log"));
                assertThat(process.waitFor()).as(this::logged).isEqualTo(KILLED);
                int now = Features.count(learning);
                assertThat(now).as(stage.name()).isGreaterThan(before);
                before = now;
            }
            fused.train();

            try (RunningFeaturizer successor = new RunningFeaturizer(computing, "one")) {
                learning.train();
                successor.awaitRecords(1);
            }

            assertThat(new History(learning).digests()).isEqualTo(new History(fused).digests());
            Features.requireOneForEach(learning);
        }
    }

    private static void send(Installation installation, Stage stage) {
        int first = stage.ordinal() * SAMPLES;
        Adaptations.sendThreeLanes(installation, SAMPLES, (to, domain, i) -> Adaptations.send(to, domain, first + i));
        installation.flush();
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
