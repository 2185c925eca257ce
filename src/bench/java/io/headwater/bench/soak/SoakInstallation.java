package io.headwater.bench.soak;

import io.headwater.bench.Sentences;
import io.headwater.codec.Codec;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.domain.ModelVersion;
import io.headwater.engine.TestModels;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.intake.Intake;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.online.OnlineSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.streams.StreamsSettings;
import io.headwater.trainer.TrainerSetup;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/** Three brokers, two trainers, two predictors and the disk of their store, for one adaptation of a small text model. */
final class SoakInstallation implements AutoCloseable {
    private static final int MAX_RECORD_BYTES = 1 << 20;
    private static final String ADAPTATION = """
            name: soak
            task: text-classification
            base: %s
            labels: [%s]
            training.batch-size: 4
            replay.capacity: 40
            checkpoint.steps: 8
            checkpoint.interval: 1s
            checkpoint.linger: 1s
            """;

    private final Path folder;
    private final Path adaptation;
    private final StoreDisk disk;
    private final Cluster cluster;
    private final Topics topics = new Topics("soak.", 3, (short) 3, 2, MAX_RECORD_BYTES);
    private final Codec codec = new Codec(MAX_RECORD_BYTES);
    private final Clients clients;
    private final List<Service> trainers = new ArrayList<>();
    private final List<Service> predictors = new ArrayList<>();
    private boolean closed;

    SoakInstallation(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.disk = StoreDisk.in(folder);
        this.cluster = new Cluster(folder);
        this.clients = new Clients(KafkaSettings.of(cluster.bootstrapServers()), topics);
        Path base = folder.resolve("base.yaml");
        Files.writeString(base, BaseModelFile.write(TestModels.text(folder), folder, Map.of()));
        this.adaptation = folder.resolve("soak.yaml");
        Files.writeString(adaptation, ADAPTATION.formatted(base, String.join(", ", Sentences.LABELS)));
        for (int i = 1; i <= 2; i++) {
            trainers.add(service("trainer", "trainer-" + i));
            predictors.add(service("predictor", "predictor-" + i));
        }
    }

    /** Returns a service that does not run yet; two of the same name fence each other. */
    Service service(String role, String instance) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("HEADWATER_BOOTSTRAP_SERVERS", cluster.bootstrapServers());
        settings.put("HEADWATER_ADAPTATION", adaptation.toString());
        settings.put("HEADWATER_STORE", disk.store().toString());
        settings.put("HEADWATER_TOPICS_PREFIX", topics.prefix());
        settings.put("HEADWATER_TOPICS_PARTITIONS", Integer.toString(topics.partitions()));
        settings.put("HEADWATER_TOPICS_REPLICATION", "3");
        settings.put("HEADWATER_TOPICS_MIN_INSYNC_REPLICAS", "2");
        settings.put("HEADWATER_TOPICS_MAX_RECORD_BYTES", Integer.toString(MAX_RECORD_BYTES));
        settings.put("HEADWATER_KAFKA__MAX_POLL_INTERVAL_MS_", "12000");
        settings.put("OMP_NUM_THREADS", "1");
        try (ServerSocket free = new ServerSocket(0)) {
            return Service.of(role, instance, free.getLocalPort(), settings, folder);
        }
    }

    /** Starts the brokers and the trainers, and creates the topics. */
    void start() throws IOException, InterruptedException {
        cluster.start();
        if (!cluster.awaitInSync(topics, 120)) {
            throw new IOException("the brokers did not start within two minutes; their logs are in " + folder);
        }
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
        for (Service trainer : trainers) {
            trainer.node().start();
        }
    }

    /** Returns how many of {@code versions} have other bytes when they are rebuilt from the log. */
    long different(Collection<ModelVersion> versions) throws Exception {
        RuntimeSettings settings = new RuntimeSettings(
                KafkaSettings.of(cluster.bootstrapServers()),
                topics,
                disk.store(),
                disk.store().resolve("in-flight"),
                "headwater",
                "soak",
                1,
                1,
                0,
                FeatureFiles.NONE,
                Optional.empty(),
                Optional.empty(),
                Intake.USUAL_PATIENCE,
                false,
                TrainerSetup.halfOfHeap(),
                StreamsSettings.in(disk.store().resolve("streams")),
                AheadSettings.OFF,
                OnlineSettings.USUAL);
        long different = 0;
        try (AdaptationRuntime runtime = AdaptationRuntime.open(AdaptationFile.read(adaptation), settings);
                PartitionReader log = new PartitionReader(clients)) {
            for (ModelVersion version : versions) {
                different += runtime.replay().rebuild(version, log).matches() ? 0 : 1;
            }
        }
        return different;
    }

    Cluster cluster() {
        return cluster;
    }

    StoreDisk disk() {
        return disk;
    }

    Topics topics() {
        return topics;
    }

    Codec codec() {
        return codec;
    }

    Clients clients() {
        return clients;
    }

    List<Service> trainers() {
        return trainers;
    }

    List<Service> predictors() {
        return predictors;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (closed) {
            return;
        }
        closed = true;
        for (Service service : trainers) {
            service.node().kill();
        }
        for (Service service : predictors) {
            service.node().kill();
        }
        cluster.close();
        disk.close();
    }
}
