package io.headwater.ops;

import io.headwater.config.DeviceChoice;
import io.headwater.config.HeadwaterConfig;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topics;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a runtime finds Kafka and its artifacts, and how much of the machine it uses.
 *
 * @param kafka how to reach the brokers
 * @param topics of the installation
 * @param store folder of the artifacts
 * @param group start of the consumer groups' names
 * @param instance name of this process among its group
 * @param workers threads that prepare samples side by side, at least 1
 * @param threads within one run of the backbone, at least 1
 * @param cacheBytes bytes of features that are cached in memory
 * @param features files that keep features behind those in memory
 * @param device what may compute; empty for what the libraries were built for
 * @param registryUrl address of a schema registry; empty for none
 */
public record RuntimeSettings(
        KafkaSettings kafka,
        Topics topics,
        Path store,
        String group,
        String instance,
        int workers,
        int threads,
        long cacheBytes,
        FeatureFiles features,
        Optional<DeviceChoice> device,
        Optional<String> registryUrl) {

    private static final int DEFAULT_MAX_RECORD_BYTES = 16 << 20;
    private static final long DEFAULT_CACHE_BYTES = 64L << 20;

    /** The settings of a service. */
    public static RuntimeSettings of(HeadwaterConfig config) {
        HeadwaterConfig.TopicSettings topics = config.topics();
        return new RuntimeSettings(
                new KafkaSettings(config.bootstrapServers(), config.kafka()),
                new Topics(
                        topics.prefix(),
                        topics.partitions(),
                        topics.replication(),
                        topics.minInsyncReplicas(),
                        topics.maxRecordBytes(),
                        topics.maxHeaderBytes()),
                config.store(),
                config.group(),
                config.instance(),
                workersOrDefault(config.backbone().workers()),
                config.backbone().threads(),
                config.backbone().cacheBytes(),
                files(config.cache()),
                config.device(),
                config.registry().url());
    }

    /** Settings for one process with everything in it, such as the demo. */
    public static RuntimeSettings local(KafkaSettings kafka, Path store, int partitions) {
        return local(kafka, store, "headwater.", partitions);
    }

    /** Settings for a command that works on the topics that begin with {@code prefix}. */
    public static RuntimeSettings local(KafkaSettings kafka, Path store, String prefix, int partitions) {
        return new RuntimeSettings(
                kafka,
                new Topics(prefix, partitions, (short) 1, 1, DEFAULT_MAX_RECORD_BYTES),
                store,
                "headwater",
                "local",
                workersOrDefault(0),
                1,
                DEFAULT_CACHE_BYTES,
                FeatureFiles.NONE,
                Optional.empty(),
                Optional.empty());
    }

    /** The same with the schema registry at {@code url}; without one when that is blank. */
    public RuntimeSettings withRegistry(String url) {
        return new RuntimeSettings(
                kafka,
                topics,
                store,
                group,
                instance,
                workers,
                threads,
                cacheBytes,
                features,
                device,
                url.isBlank() ? Optional.empty() : Optional.of(url));
    }

    private static FeatureFiles files(HeadwaterConfig.CacheSettings cache) {
        return cache.fileBytes() == 0
                ? FeatureFiles.NONE
                : new FeatureFiles(cache.folder(), cache.fileBytes(), cache.totalBytes());
    }

    /** One processor is left to the thread that trains. */
    private static int workersOrDefault(int workers) {
        return workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
}
