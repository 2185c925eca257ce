package io.headwater.bench.stream;

import io.headwater.bench.Sentences.Sentence;
import io.headwater.codec.Codec;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.standalone.SampleProducer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** An embedded broker with one partition a topic, and a folder of artifacts; both go in the end. */
final class Installation implements AutoCloseable {
    /** The one domain of the benchmarks. */
    static final String DOMAIN = "bench";

    private static final int MAX_RECORD_BYTES = 16 << 20;
    private static final long CACHE_BYTES = 64L << 20;

    private final Path folder;
    private final EmbeddedBroker broker;
    private final Topics topics = new Topics("headwater.", 1, (short) 1, 1, MAX_RECORD_BYTES);

    Installation() throws IOException {
        folder = Files.createTempDirectory("headwater-bench-");
        broker = EmbeddedBroker.startIn(folder.resolve("kafka"));
        try (Admin admin = clients().admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
    }

    /** What runs an adaptation here, with an empty cache of features. */
    AdaptationRuntime runtime(AdaptationConfig config, int workers) {
        return AdaptationRuntime.open(
                config,
                new RuntimeSettings(
                        kafka(),
                        topics,
                        folder.resolve("artifacts"),
                        "headwater",
                        "bench",
                        workers,
                        1,
                        CACHE_BYTES,
                        FeatureFiles.NONE,
                        Optional.empty(),
                        Optional.empty()));
    }

    /** Puts {@code sentences} on the samples topic. */
    void fill(List<Sentence> sentences) {
        try (SampleProducer producer = new SampleProducer(clients(), new Codec(MAX_RECORD_BYTES), Clock.systemUTC())) {
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
        return new Clients(kafka(), topics);
    }

    private KafkaSettings kafka() {
        return KafkaSettings.of(broker.bootstrapServers());
    }

    @Override
    public void close() throws IOException {
        broker.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
