package io.headwater.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.EventType;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.Payload;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.Adaptations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Featurizers survive samples that end the process or block a thread, and make no dead letters of them. */
@OnEmbeddedBroker
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class HarmfulFeaturesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(12);
    private static final List<Harm> HARMS = List.of(Harm.ABORT, Harm.EXCEPTION);

    @TempDir
    private Path folder;

    @Test
    void shouldFeaturizeAllOthers(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("harm");
        try (Installation installation = HarmProcess.installation(folder, broker.bootstrapServers(), prefix)
                .open()
                .createTopics()) {
            String domain = installation.domain(0, 0);
            for (int i = 0; i < 20; i++) {
                Adaptations.send(installation, domain, i);
            }
            for (Harm harm : HARMS) {
                byte[] value =
                        installation.value(new Payload.Text("a text that does harm: " + harm), Adaptations.label(0));
                installation.send(domain, value, false);
            }
            for (int i = 20; i < 40; i++) {
                Adaptations.send(installation, domain, i);
            }
            installation.flush();
            int all = 40 + HARMS.size();

            List<Process> started = new ArrayList<>();
            try (Admin admin = broker.admin()) {
                Await.until("the features of all", PATIENCE, () -> {
                    keepRunning(started, broker, prefix);
                    return committed(admin, installation) >= all;
                });
            }
            Process last = started.get(started.size() - 1);
            last.getOutputStream().close();
            assertThat(last.waitFor()).as(() -> HarmProcess.log(folder)).isZero();

            assertThat(started).hasSize(2);
            List<FeaturizedRecord> events = installation.records(Topic.FEATURES, domain).stream()
                    .map(record -> installation.codec().decodeOrThrow(EventType.FEATURES, record.value()))
                    .toList();
            assertThat(events)
                    .extracting(FeaturizedRecord::offset)
                    .doesNotHaveDuplicates()
                    .isSorted()
                    .hasSize(all);
            assertThat(events.stream().filter(event -> event.features().isEmpty()))
                    .extracting(FeaturizedRecord::offset)
                    .containsExactly(20L, 21L);
            assertThat(installation.records(Topic.DEAD_LETTERS, domain)).isEmpty();
            assertThat(folder.resolve("in-flight")).isEmptyDirectory();
        }
    }

    /** Returns up to which offset the samples of the first partition are featurized. */
    private static long committed(Admin admin, Installation installation) {
        OffsetAndMetadata committed = TopicAdmin.await(admin.listConsumerGroupOffsets(installation.featurizerGroup())
                        .partitionsToOffsetAndMetadata())
                .get(installation.topics().partition(Topic.SAMPLES, 0));
        return committed == null ? 0 : committed.offset();
    }

    /** Starts a process in the place of one that has ended. */
    private void keepRunning(List<Process> started, BrokerUnderTest broker, String prefix) {
        if (started.isEmpty() || !started.get(started.size() - 1).isAlive()) {
            try {
                started.add(HarmProcess.featurize(folder, broker.bootstrapServers(), prefix));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
