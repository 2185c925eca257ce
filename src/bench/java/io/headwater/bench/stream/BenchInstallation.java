package io.headwater.bench.stream;

import io.headwater.bench.Folders;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.intake.Intake;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.kafka.Clients;
import io.headwater.online.OnlineSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.SampleProducer;
import io.headwater.streams.StreamsSettings;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.TestTopics;
import io.headwater.trainer.TrainerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** An embedded broker with one partition per topic, and a folder of artifacts; both are deleted at the end. */
final class BenchInstallation implements AutoCloseable {
    /** The one domain of the benchmarks. */
    static final String DOMAIN = "bench";

    private static final int MAX_RECORD_BYTES = 16 << 20;
    private static final long CACHE_BYTES = 64L << 20;

    private final Path artifacts;
    private final BrokerUnderTest broker;
    private final TestTopics topics;

    BenchInstallation() throws IOException {
        artifacts = Files.createTempDirectory("headwater-bench-");
        broker = BrokerUnderTest.embedded();
        topics = new TestTopics(broker.bootstrapServers(), "headwater.", 1, MAX_RECORD_BYTES);
        topics.ensure();
    }

    /** Opens the runtime of an adaptation with an empty feature cache. */
    AdaptationRuntime runtime(AdaptationConfig config, int workers) {
        return AdaptationRuntime.open(
                config,
                new RuntimeSettings(
                        topics.settings(),
                        topics.topics(),
                        artifacts,
                        RuntimeSettings.notesIn(artifacts),
                        "headwater",
                        "bench",
                        workers,
                        1,
                        CACHE_BYTES,
                        FeatureFiles.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        Intake.USUAL_PATIENCE,
                        false,
                        TrainerSetup.halfOfHeap(),
                        StreamsSettings.in(artifacts.resolve("streams")),
                        AheadSettings.OFF,
                        OnlineSettings.USUAL));
    }

    /** Sends {@code sentences} to the samples topic. */
    void fill(List<Sentence> sentences) {
        try (SampleProducer producer = new SampleProducer(clients(), topics.codec(), Clock.systemUTC())) {
            for (int i = 0; i < sentences.size(); i++) {
                Sentence sentence = sentences.get(i);
                producer.sample(
                        DOMAIN,
                        "sample-" + i,
                        new Payload.Text(sentence.text()),
                        new Label.ClassLabel(sentence.label()));
            }
            producer.flush();
        }
    }

    Clients clients() {
        return topics.clients();
    }

    @Override
    public void close() throws IOException {
        topics.close();
        broker.close();
        Folders.delete(artifacts);
    }
}
