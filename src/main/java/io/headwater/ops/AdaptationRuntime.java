package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
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
import io.headwater.intake.InFlightNotes;
import io.headwater.intake.Intake;
import io.headwater.intake.TrialProcess;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.predictor.LocalPredictor;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.predictor.PredictorSetup;
import io.headwater.predictor.RequestReader;
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
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Objects that the roles of one adaptation share in a process: base model, store, clients. Roles in the same process
 * share one backbone and one feature cache, so that the features of a request that is labelled later are computed only
 * once.
 */
public final class AdaptationRuntime implements AutoCloseable {
    /** Far larger than any head, but small enough not to exhaust memory. */
    /** Maximum size of an artifact in bytes. */
    public static final long MAX_ARTIFACT_BYTES = 1L << 30;

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
    private final TrialProcess trial;

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
        this.trial = new TrialProcess(() -> TrialMain.start(config, settings), settings.preparationTimeout());
    }

    /**
     * Loads the base model of {@code config} and opens the store. It does not connect to a broker.
     *
     * @throws io.headwater.config.ConfigurationException when the base model is unknown or invalid, or when no allowed
     *     device is usable for a part of the model
     */
    public static AdaptationRuntime open(AdaptationConfig config, RuntimeSettings settings) {
        return new AdaptationRuntime(config, settings, BaseModelFile.resolve(config.base()));
    }

    /** Creates missing topics and verifies all topics; returns the names of the created topics. */
    public List<String> ensureTopics() {
        try (Admin admin = clients.admin()) {
            return new TopicAdmin(admin, settings.topics()).ensure();
        }
    }

    /** Creates the role {@code name}, which is not yet started and reports to {@code metrics}. */
    Role role(ProcessRole name, RoleMetrics metrics) {
        return switch (name) {
            case TRAINER -> trainer(metrics);
            case PREDICTOR -> predictor(metrics);
        };
    }

    /** Creates a trainer that is not yet started. */
    public Trainer trainer(TrainerListener listener) {
        String group = settings.groupOf("trainer", config.name());
        return new Trainer(new TrainerSetup(
                laneContext(),
                clients,
                codec,
                sampleReader(),
                group,
                settings.instance(),
                intake(group),
                settings.workers(),
                listener,
                settings.goesOnAfterReset()));
    }

    /** Creates a predictor that is not yet started. */
    public Predictor predictor(PredictorListener listener) {
        String group = settings.groupOf("predictor", config.name());
        return new Predictor(predictorSetup(listener, group, intake(group)));
    }

    /** Creates a predictor for use on the calling thread; from now on it follows which versions serve. */
    public LocalPredictor localPredictor() {
        return new LocalPredictor(predictorSetup(
                PredictorListener.NONE, settings.groupOf("predictor", config.name()), Intake.trusting()));
    }

    private PredictorSetup predictorSetup(PredictorListener listener, String group, Intake intake) {
        return new PredictorSetup(
                config,
                model.backbone().digest(),
                model.heads(),
                store,
                clients,
                codec,
                featurizer,
                task.goal(),
                group,
                settings.instance(),
                intake,
                clock,
                listener);
    }

    /**
     * Creates a sweep that deletes artifacts which are older than {@code minimumAge}, and which no event of the installation
     * refers to or {@code retention} does not keep.
     *
     * @param onForeign receives the name of the topic of each record that Headwater did not write
     */
    public OrphanSweep orphanSweep(Retention retention, Duration minimumAge, Consumer<String> onForeign) {
        return new OrphanSweep(clients, new LaneEvents(codec, onForeign), store, retention, minimumAge, clock);
    }

    /** Creates a {@link Replay}, which rebuilds versions of this adaptation. */
    public Replay replay() {
        return new Replay(laneContext(), settings.topics(), sampleReader());
    }

    /** Returns the adaptation. */
    public AdaptationConfig config() {
        return config;
    }

    /** Returns the task of the adaptation. */
    public Task task() {
        return task;
    }

    /** Returns the preprocessing and the backbone with the shared cache. */
    public Featurizer featurizer() {
        return featurizer;
    }

    /** Returns the cache of computed features. */
    public FeatureCache cache() {
        return cache;
    }

    /** Returns the device of each part. */
    public Devices devices() {
        return devices;
    }

    /** Returns the properties of the environment that can affect the bytes of a version. */
    public Map<String, String> environment() {
        return EngineInfo.of(devices, settings.threads());
    }

    /** Returns the digest of the base model below its cut, including its preprocessing. */
    public Digest baseModel() {
        return model.backbone().digest();
    }

    /** Returns the number of features of a sample, or of each position of a sample. */
    public int featureWidth() {
        return model.heads().inputs();
    }

    /** Returns the factory of the heads of its lanes. */
    public Heads heads() {
        return model.heads();
    }

    /** Returns the artifact store. */
    public ArtifactStore store() {
        return store;
    }

    /** Returns the factory of Kafka clients. */
    public Clients clients() {
        return clients;
    }

    /** Returns the codec of events. */
    public Codec codec() {
        return codec;
    }

    private Intake intake(String group) {
        return new Intake(InFlightNotes.in(settings.inFlight(), group), trial, settings.preparationTimeout());
    }

    /** Prepares a sample, request or command as trainer and predictor do, and ignores the result. */
    void rehearse(ConsumerRecord<byte[], byte[]> record, Runnable decoded) {
        Topics topics = settings.topics();
        if (record.topic().equals(topics.name(Topic.SAMPLES))) {
            sampleReader().prepare(List.of(record));
        } else if (record.topic().equals(topics.name(Topic.REQUESTS))) {
            new RequestReader(topics, codec, featurizer, config.name()).rehearse(record, decoded);
        } else {
            codec.decode(EventType.COMMAND, record.value());
        }
    }

    private SampleReader sampleReader() {
        return new SampleReader(settings.topics(), codec, task, featurizer);
    }

    /**
     * Writes the configuration, to which versions refer, to the store. If it already exists, its modification time is
     * renewed.
     */
    void keepConfiguration() {
        store.put(configuration());
    }

    private byte[] configuration() {
        return AdaptationFile.canonical(config).getBytes(StandardCharsets.UTF_8);
    }

    private LaneContext laneContext() {
        return new LaneContext(
                config,
                task.goal(),
                Digest.of(configuration()),
                model.backbone().digest(),
                model.heads(),
                store,
                clock,
                environment());
    }

    @Override
    public void close() throws Exception {
        trial.close();
        task.close();
        model.close();
        cache.close();
    }
}
