package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.Shared;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.cache.FeatureIdentity;
import io.headwater.engine.cache.FeatureMemory;
import io.headwater.engine.device.Devices;
import io.headwater.engine.device.EngineInfo;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Preparation;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * What all adaptations of a process share: devices, codec, store, clients, feature caches of one maximum size together, and the
 * number of threads that run base models at the same time.
 * Adaptations with the same backbone and preparation share one cache. ONNX Runtime's sessions of the same model are shared by
 * all of the process without this class, see {@link io.headwater.engine.runtime.OnnxSession}.
 */
final class SharedResources {
    /** Far larger than any head, but small enough not to exhaust memory. */
    static final long MAX_ARTIFACT_BYTES = 1L << 30;

    private final RuntimeSettings settings;
    private final OpenTelemetry telemetry;
    private final Devices devices;
    private final Codec codec;
    private final ArtifactStore store;
    private final Clients clients;
    private final FeatureMemory features;
    private final Shared<CacheKey, FeatureCache> caches = new Shared<>();
    private final Semaphore trainerTurns;
    private final Semaphore predictorTurns;
    private final Semaphore featurizerTurns;

    /**
     * What the features of a payload depend on.
     *
     * @param backbone digest of the backbone
     * @param preparation the class that prepares payloads; how it does so is part of the digest
     */
    record CacheKey(Digest backbone, Class<? extends Preparation> preparation) {}

    /**
     * Opens the store, and chooses the devices. It does not connect to a broker.
     *
     * @throws io.headwater.config.ConfigurationException when no allowed device is usable for a part of the engine
     */
    SharedResources(RuntimeSettings settings) {
        this(settings, OpenTelemetry.noop());
    }

    /** As {@link #SharedResources(RuntimeSettings)}; {@code telemetry} receives spans. */
    SharedResources(RuntimeSettings settings, OpenTelemetry telemetry) {
        this.settings = settings;
        this.telemetry = telemetry;
        this.devices = Devices.choose(settings.device());
        this.codec = Codecs.of(settings);
        this.store = new FileArtifactStore(settings.store(), MAX_ARTIFACT_BYTES);
        this.clients = new Clients(settings.kafka(), settings.topics());
        this.features = new FeatureMemory(settings.cacheBytes());
        this.trainerTurns = new Semaphore(settings.workers(), true);
        this.predictorTurns = new Semaphore(settings.workers(), true);
        this.featurizerTurns = new Semaphore(settings.workers(), true);
    }

    /** Returns the cache of {@code key}, which the caller must {@link #release}. */
    FeatureCache cache(CacheKey key) {
        return caches.hold(key, () -> FeatureCache.open(features, settings.features(), key.backbone(), computing()));
    }

    private Map<String, String> computing() {
        return EngineInfo.ofFeatures(devices, settings.threads());
    }

    /** Lets go of the cache of {@code key}. */
    void release(CacheKey key) {
        caches.release(key).ifPresent(FeatureCache::close);
    }

    /** Creates missing topics and verifies all topics; returns the names of the created topics. */
    List<String> ensureTopics() {
        try (Admin admin = clients.admin()) {
            return new TopicAdmin(admin, settings.topics()).ensure();
        }
    }

    /** As {@link #ensureTopics()} for a process that uses only the topics {@code used}. */
    List<String> ensureTopics(Set<Topic> used) {
        try (Admin admin = clients.admin()) {
            return new TopicAdmin(admin, settings.topics()).ensure(used);
        }
    }

    /**
     * Creates a sweep that deletes artifacts which are older than {@code minimumAge}, and which no event of the installation
     * refers to or {@code retention} does not keep.
     *
     * @param onForeign receives the name of the topic of each record that Headwater did not write
     */
    OrphanSweep orphanSweep(Retention retention, Duration minimumAge, Consumer<String> onForeign) {
        return new OrphanSweep(
                clients, new LaneEvents(codec, onForeign), store, retention, minimumAge, Clock.systemUTC());
    }

    RuntimeSettings settings() {
        return settings;
    }

    OpenTelemetry telemetry() {
        return telemetry;
    }

    Devices devices() {
        return devices;
    }

    Codec codec() {
        return codec;
    }

    ArtifactStore store() {
        return store;
    }

    Clients clients() {
        return clients;
    }

    /** Returns a permit for each thread that may prepare samples at the same time, whatever the number of trainers. */
    Semaphore trainerTurns() {
        return trainerTurns;
    }

    /** Returns a permit for each thread that may answer at the same time; trainers do not take them from predictors. */
    Semaphore predictorTurns() {
        return predictorTurns;
    }

    /** Returns a permit for each thread that may compute features at the same time, whatever the number of featurizers. */
    Semaphore featurizerTurns() {
        return featurizerTurns;
    }

    /** Returns the digest of everything on which the bits of features with the key {@code key} depend. */
    Digest identity(CacheKey key) {
        Map<String, String> computing = new TreeMap<>(computing());
        computing.put("preparation", key.preparation().getName());
        return FeatureIdentity.of(key.backbone(), computing);
    }

    FeatureMemory features() {
        return features;
    }
}
