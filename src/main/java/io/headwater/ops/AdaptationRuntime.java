package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Heads;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Compute;
import io.headwater.engine.device.Devices;
import io.headwater.engine.device.EngineInfo;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.kafka.Clients;
import io.headwater.kafka.TopicAdmin;
import io.headwater.predictor.LocalPredictor;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.predictor.PredictorSetup;
import io.headwater.role.Role;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.headwater.trainer.LaneContext;
import io.headwater.trainer.Replay;
import io.headwater.trainer.SampleReader;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import io.headwater.trainer.TrainerSetup;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * Everything that the roles of one adaptation share in a process: base model, store, clients. Roles in the same process
 * share one backbone and one feature cache, so that a sample that was asked for and is labelled later is computed once.
 */
public final class AdaptationRuntime implements AutoCloseable {
    /** Far above any head, far below what would exhaust memory. */
    private static final long MAX_ARTIFACT_BYTES = 1L << 30;

    private final AdaptationConfig config;
    private final RuntimeSettings settings;
    private final Devices devices;
    private final Task task;
    private final DividedModel model;
    private final FeatureCache cache;
    private final Featurizer featurizer;
    private final Codec codec;
    private final ArtifactStore store;
    private final Clients clients;
    private final Clock clock = Clock.systemUTC();

    private AdaptationRuntime(AdaptationConfig config, RuntimeSettings settings, BaseModelManifest base) {
        this.config = config;
        this.settings = settings;
        this.devices = Devices.choose(settings.device());
        this.task = Tasks.of(config, base);
        this.model = BaseModelOpener.open(base, new Compute(settings.threads(), devices.onnxRuntime()))
                .divide(config, task.goal().output());
        this.cache = FeatureCache.open(
                settings.cacheBytes(),
                settings.features(),
                model.backbone().digest(),
                EngineInfo.ofFeatures(devices, settings.threads()));
        this.featurizer = new Featurizer(task, model.backbone(), cache);
        this.codec = Codecs.of(settings);
        this.store = new FileArtifactStore(settings.store(), MAX_ARTIFACT_BYTES);
        this.clients = new Clients(settings.kafka(), settings.topics());
    }

    /**
     * Loads the base model of {@code config} and opens the store; reaches no broker yet.
     *
     * @throws io.headwater.config.ConfigurationException when the base model is not known or is not what it should be, or
     *     when a part can compute on nothing that it may
     */
    public static AdaptationRuntime open(AdaptationConfig config, RuntimeSettings settings) {
        return new AdaptationRuntime(config, settings, BaseModelFile.resolve(config.base()));
    }

    /** Creates the topics that are missing and verifies all; returns what was created. */
    public List<String> ensureTopics() {
        try (Admin admin = clients.admin()) {
            return new TopicAdmin(admin, settings.topics()).ensure();
        }
    }

    /** The role called {@code name}, not yet started; it tells {@code metrics} what it does. */
    Role role(ProcessRole name, RoleMetrics metrics) {
        return switch (name) {
            case TRAINER -> trainer(metrics);
            case PREDICTOR -> predictor(metrics);
        };
    }

    /** A trainer, not yet running. */
    public Trainer trainer(TrainerListener listener) {
        return new Trainer(new TrainerSetup(
                laneContext(),
                clients,
                codec,
                sampleReader(),
                settings.group() + "-trainer-" + config.name(),
                settings.instance(),
                settings.workers(),
                listener));
    }

    /** A predictor, not yet running. */
    public Predictor predictor(PredictorListener listener) {
        return new Predictor(predictorSetup(listener));
    }

    /** A predictor for the caller's own thread, which follows what serves from now on. */
    public LocalPredictor localPredictor() {
        return new LocalPredictor(predictorSetup(PredictorListener.NONE));
    }

    private PredictorSetup predictorSetup(PredictorListener listener) {
        return new PredictorSetup(
                config,
                model.backbone().digest(),
                model.heads(),
                store,
                clients,
                codec,
                featurizer,
                task.goal(),
                settings.group() + "-predictor-" + config.name(),
                settings.instance(),
                clock,
                listener);
    }

    /** Deletes artifacts that no event of the installation refers to and that are older than {@code minimumAge}. */
    public OrphanSweep orphanSweep(Duration minimumAge) {
        return new OrphanSweep(clients, codec, store, minimumAge);
    }

    /** Rebuilds versions of this adaptation. */
    public Replay replay() {
        return new Replay(laneContext(), settings.topics(), sampleReader());
    }

    /** The adaptation. */
    public AdaptationConfig config() {
        return config;
    }

    /** Its task. */
    public Task task() {
        return task;
    }

    /** Preprocessing and backbone with the shared cache. */
    public Featurizer featurizer() {
        return featurizer;
    }

    /** Features already computed. */
    public FeatureCache cache() {
        return cache;
    }

    /** Where each part computes. */
    public Devices devices() {
        return devices;
    }

    /** What could change the bytes of a version made here. */
    public Map<String, String> environment() {
        return EngineInfo.of(devices, settings.threads());
    }

    /** Digest of the base model below its cut, with its preprocessing. */
    public Digest baseModel() {
        return model.backbone().digest();
    }

    /** Features of one sample, or of each position of one. */
    public int featureWidth() {
        return model.heads().inputs();
    }

    /** Makes the heads of its lanes. */
    public Heads heads() {
        return model.heads();
    }

    /** Where artifacts live. */
    public ArtifactStore store() {
        return store;
    }

    /** To reach Kafka. */
    public Clients clients() {
        return clients;
    }

    /** Of events. */
    public Codec codec() {
        return codec;
    }

    private SampleReader sampleReader() {
        return new SampleReader(settings.topics(), codec, task, featurizer);
    }

    /**
     * Writes the configuration, which versions name, to the store; where it is there already, it becomes young again.
     *
     * @return its name
     */
    Digest keepConfiguration() {
        return store.put(AdaptationFile.canonical(config).getBytes(StandardCharsets.UTF_8));
    }

    private LaneContext laneContext() {
        return new LaneContext(
                config,
                task.goal(),
                keepConfiguration(),
                model.backbone().digest(),
                model.heads(),
                store,
                clock,
                environment());
    }

    @Override
    public void close() throws Exception {
        task.close();
        model.close();
        cache.close();
    }
}
