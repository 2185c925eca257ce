package io.headwater.ops;

import io.headwater.codec.RegistryAccess;
import io.headwater.codec.RegistrySetup;
import io.headwater.config.DeviceChoice;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.HeadwaterConfig.AfterReset;
import io.headwater.domain.Lane;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.intake.Intake;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topics;
import io.headwater.online.OnlineSettings;
import io.headwater.online.Shadow;
import io.headwater.streams.StreamsSettings;
import io.headwater.trainer.TrainerSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Settings of a runtime: the connection to Kafka, the artifact store, and the use of machine resources.
 *
 * @param kafka connection settings of the brokers
 * @param topics topics of the installation
 * @param store folder of the artifacts
 * @param inFlight folder of the notes of records that are being prepared
 * @param group beginning of the names of consumer groups, after the prefix of the topics; see {@link #groupOf}
 * @param instance unique name of this process within its group
 * @param workers number of threads that prepare samples in parallel, at least 1
 * @param threads number of threads within one run of the backbone, at least 1
 * @param cacheBytes size of the feature cache in memory, in bytes
 * @param features settings of the feature cache in files, which supplements the cache in memory
 * @param device devices to compute on; empty for the device that the libraries were built for
 * @param registry how a schema registry is reached; empty for none
 * @param preparationTimeout maximum duration of the preparation of records, positive
 * @param goesOnAfterReset whether lanes learn what is on the samples topic when it was created anew; otherwise they wait for a
 *     person
 * @param laneBytes about how many bytes lanes may take in memory, positive
 * @param streams settings of the role that joins late labels
 * @param ahead whether and how trainer and predictor use the features of featurizers
 * @param online settings of the role that answers over HTTP
 */
public record RuntimeSettings(
        KafkaSettings kafka,
        Topics topics,
        Path store,
        Path inFlight,
        String group,
        String instance,
        int workers,
        int threads,
        long cacheBytes,
        FeatureFiles features,
        Optional<DeviceChoice> device,
        Optional<RegistryAccess> registry,
        Duration preparationTimeout,
        boolean goesOnAfterReset,
        long laneBytes,
        StreamsSettings streams,
        AheadSettings ahead,
        OnlineSettings online) {

    private static final String DEFAULT_PREFIX = "headwater.";
    private static final int DEFAULT_MAX_RECORD_BYTES = 16 << 20;
    private static final long DEFAULT_CACHE_BYTES = 64L << 20;

    /** Returns the settings of a service. */
    public static RuntimeSettings of(HeadwaterConfig config) {
        HeadwaterConfig.TopicSettings topics = config.topics();
        return new RuntimeSettings(
                new KafkaSettings(config.bootstrapServers(), withMetrics(config.kafka())),
                topics(topics),
                config.store(),
                config.inFlight().orElseGet(() -> notesIn(config.store())),
                config.group(),
                config.instance(),
                workersOrDefault(config.backbone().workers()),
                config.backbone().threads(),
                config.backbone().cacheBytes(),
                files(config.cache()),
                config.device(),
                RegistrySetup.access(config.registry()),
                config.preparationTimeout(),
                topics.afterReset() == AfterReset.CONTINUE,
                config.lanes().bytes() == 0
                        ? TrainerSetup.halfOfHeap()
                        : config.lanes().bytes(),
                streams(config),
                ahead(config.featurizer()),
                online(config.api()));
    }

    private static AheadSettings ahead(HeadwaterConfig.FeaturizerUse use) {
        return new AheadSettings(use.isUsed(), use.patience(), use.bytes());
    }

    private static OnlineSettings online(HeadwaterConfig.ApiSettings api) {
        return new OnlineSettings(
                api.queue(),
                api.longest(),
                api.logRequests(),
                api.shadows().orElse(List.of()).stream()
                        .flatMap(shadow -> Shadow.parse(shadow).stream())
                        .toList(),
                api.requiredLanes().orElse(List.of()).stream().map(Lane::parse).toList());
    }

    private static StreamsSettings streams(HeadwaterConfig config) {
        return new StreamsSettings(
                config.streams().folder().resolve(config.instance()),
                config.streams().threads(),
                config.streams().standbys(),
                config.labels().patience(),
                config.labels().early(),
                config.labels().window());
    }

    /** Returns client properties with which the clients' metrics are published, in addition to what their user reports them to. */
    private static Map<String, String> withMetrics(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.merge(
                CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG,
                ClientMetrics.class.getName(),
                (given, ours) -> given + "," + ours);
        return all;
    }

    private static Topics topics(HeadwaterConfig.TopicSettings topics) {
        return new Topics(
                topics.prefix(),
                topics.partitions(),
                topics.replication(),
                topics.minInsyncReplicas(),
                topics.maxRecordBytes(),
                topics.maxHeaderBytes());
    }

    /**
     * Returns the name of the consumer group of a role, with which its transactional ids begin. It contains the prefix of the
     * topics, so that installations at the same brokers do not share groups or fence each other; only the default prefix is left
     * out.
     */
    String groupOf(String role, String adaptation) {
        String prefix = topics.prefix();
        String installation = prefix.equals(DEFAULT_PREFIX) ? "" : prefix.isEmpty() ? "unprefixed." : prefix;
        return installation + group + "-" + role + "-" + adaptation;
    }

    /** Returns settings for a single process that contains all roles, such as the demo. */
    public static RuntimeSettings local(KafkaSettings kafka, Path store, int partitions) {
        return local(kafka, store, DEFAULT_PREFIX, partitions);
    }

    /** Returns settings for a command that uses topics with the prefix {@code prefix}. */
    public static RuntimeSettings local(KafkaSettings kafka, Path store, String prefix, int partitions) {
        return local(kafka, store, new Topics(prefix, partitions, (short) 0, 0, DEFAULT_MAX_RECORD_BYTES));
    }

    /** Returns settings for a command that uses {@code topics}. */
    public static RuntimeSettings local(KafkaSettings kafka, Path store, Topics topics) {
        return new RuntimeSettings(
                kafka,
                topics,
                store,
                notesIn(store),
                "headwater",
                "local",
                workersOrDefault(0),
                1,
                DEFAULT_CACHE_BYTES,
                FeatureFiles.NONE,
                Optional.empty(),
                Optional.empty(),
                Intake.USUAL_PATIENCE,
                false,
                TrainerSetup.halfOfHeap(),
                StreamsSettings.in(store.resolve("streams")),
                AheadSettings.OFF,
                OnlineSettings.USUAL);
    }

    /** Returns a copy with another schema registry, or without one. */
    public RuntimeSettings withRegistry(Optional<RegistryAccess> other) {
        return new RuntimeSettings(
                kafka,
                topics,
                store,
                inFlight,
                group,
                instance,
                workers,
                threads,
                cacheBytes,
                features,
                device,
                other,
                preparationTimeout,
                goesOnAfterReset,
                laneBytes,
                streams,
                ahead,
                online);
    }

    /** Returns a copy with other settings of the role that joins late labels. */
    public RuntimeSettings withStreams(StreamsSettings other) {
        return new RuntimeSettings(
                kafka,
                topics,
                store,
                inFlight,
                group,
                instance,
                workers,
                threads,
                cacheBytes,
                features,
                device,
                registry,
                preparationTimeout,
                goesOnAfterReset,
                laneBytes,
                other,
                ahead,
                online);
    }

    /** Returns the default folder of the notes of records that are being prepared. */
    public static Path notesIn(Path store) {
        return store.resolve("in-flight");
    }

    private static FeatureFiles files(HeadwaterConfig.CacheSettings cache) {
        return cache.fileBytes() == 0
                ? FeatureFiles.NONE
                : new FeatureFiles(cache.folder(), cache.fileBytes(), cache.totalBytes());
    }

    /** Returns the number of workers. By default, one processor is left for the training thread. */
    private static int workersOrDefault(int workers) {
        return workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
}
