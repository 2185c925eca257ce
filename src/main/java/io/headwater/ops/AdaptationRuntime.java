package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Heads;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Compute;
import io.headwater.engine.device.Devices;
import io.headwater.engine.device.EngineInfo;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.featurizer.FeaturizerListener;
import io.headwater.featurizer.FeaturizerRole;
import io.headwater.featurizer.FeaturizerSetup;
import io.headwater.intake.AheadFeatures;
import io.headwater.intake.InFlightNotes;
import io.headwater.intake.Intake;
import io.headwater.intake.TrialProcess;
import io.headwater.intake.ahead.AheadListener;
import io.headwater.intake.ahead.FollowedFeatures;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.online.OnlineListener;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSetup;
import io.headwater.ops.SharedResources.CacheKey;
import io.headwater.predictor.LocalPredictor;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.predictor.PredictorSetup;
import io.headwater.predictor.RequestReader;
import io.headwater.role.Role;
import io.headwater.serving.ServingListener;
import io.headwater.serving.ServingSetup;
import io.headwater.streams.Streams;
import io.headwater.streams.StreamsListener;
import io.headwater.streams.StreamsSetup;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Objects that the roles of one adaptation share in a process: base model, store, clients. Roles in the same process
 * share one backbone and one feature cache, so that the features of a request that is labelled later are computed only
 * once. So do several adaptations whose base models, cuts and preprocessing are the same.
 */
public final class AdaptationRuntime implements AutoCloseable {
    /** Maximum size of an artifact in bytes. */
    public static final long MAX_ARTIFACT_BYTES = SharedResources.MAX_ARTIFACT_BYTES;

    private final AdaptationConfig config;
    private final SharedResources shared;
    private final RuntimeSettings settings;
    private final Devices devices;
    private final BaseModelManifest base;
    private final Task task;
    private final Codec codec;
    private final ArtifactStore store;
    private final Clients clients;
    private final Clock clock = Clock.systemUTC();
    private final TrialProcess trial;
    private @Nullable Computing loaded;

    /** The divided base model, and its features. */
    private record Computing(DividedModel model, CacheKey cacheKey, FeatureCache cache, Featurizer featurizer) {}

    private AdaptationRuntime(AdaptationConfig config, SharedResources shared, Task task, BaseModelManifest base) {
        this.config = config;
        this.shared = shared;
        this.settings = shared.settings();
        this.devices = shared.devices();
        this.base = base;
        this.task = task;
        this.codec = shared.codec();
        this.store = shared.store();
        this.clients = shared.clients();
        this.trial = new TrialProcess(() -> TrialMain.start(config, settings), settings.preparationTimeout());
    }

    /**
     * Loads the base model of {@code config} and opens the store. It does not connect to a broker.
     *
     * @throws io.headwater.config.ConfigurationException when the base model is unknown or invalid, or when no allowed
     *     device is usable for a part of the model
     */
    public static AdaptationRuntime open(AdaptationConfig config, RuntimeSettings settings) {
        return open(config, new SharedResources(settings));
    }

    /** As {@link #open(AdaptationConfig, RuntimeSettings)}, for one of several adaptations of a process. */
    static AdaptationRuntime open(AdaptationConfig config, SharedResources shared) {
        AdaptationRuntime runtime = openWithoutModel(config, shared);
        try {
            runtime.computing();
            return runtime;
        } catch (RuntimeException | Error e) {
            runtime.task.close();
            throw e;
        }
    }

    /** As {@link #open(AdaptationConfig, SharedResources)}, but loads the base model only when something asks for it. */
    static AdaptationRuntime openWithoutModel(AdaptationConfig config, SharedResources shared) {
        BaseModelManifest base = BaseModelFile.resolve(config.base());
        return new AdaptationRuntime(config, shared, Tasks.of(config, base), base);
    }

    private synchronized Computing computing() {
        Computing known = loaded;
        if (known == null) {
            Compute compute = new Compute(settings.threads(), devices.onnxRuntime());
            DividedModel model = BaseModelOpener.open(base, compute)
                    .divide(config, task.goal().output());
            CacheKey key =
                    new CacheKey(model.backbone().digest(), task.preparation().getClass());
            FeatureCache cache = shared.cache(key);
            known = new Computing(model, key, cache, new Featurizer(task, model.backbone(), cache));
            loaded = known;
        }
        return known;
    }

    /** Returns whether the base model is loaded. */
    synchronized boolean hasModel() {
        return loaded != null;
    }

    /** Creates missing topics and verifies all topics; returns the names of the created topics. */
    public List<String> ensureTopics() {
        return shared.ensureTopics();
    }

    /** Creates the role {@code name}, which is not yet started and reports to {@code metrics}. */
    Role role(ProcessRole name, RoleMetrics metrics) {
        return switch (name) {
            case TRAINER -> trainer(metrics, metrics);
            case PREDICTOR -> predictor(metrics, metrics);
            case STREAMS -> streams(metrics);
            case FEATURIZER -> featurizer(metrics);
            case API -> online(metrics);
            case PAGE -> throw new IllegalArgumentException("the role page belongs to no adaptation");
        };
    }

    /** Creates a trainer that is not yet started. */
    public Trainer trainer(TrainerListener listener) {
        return trainer(listener, AheadListener.NONE);
    }

    /** As {@link #trainer(TrainerListener)}; {@code features} is told of the features that it takes from featurizers. */
    public Trainer trainer(TrainerListener listener, AheadListener features) {
        String group = settings.groupOf("trainer", config.name());
        return new Trainer(new TrainerSetup(
                laneContext(),
                clients,
                codec,
                sampleReader(),
                group,
                settings.instance(),
                intake(group, shared.trainerTurns()).with(ahead(Topic.SAMPLES, features)),
                settings.workers(),
                listener,
                settings.goesOnAfterReset(),
                settings.laneBytes()));
    }

    /** Creates a predictor that is not yet started. */
    public Predictor predictor(PredictorListener listener) {
        return predictor(listener, AheadListener.NONE);
    }

    /** As {@link #predictor(PredictorListener)}; {@code features} is told of the features that it takes from featurizers. */
    public Predictor predictor(PredictorListener listener, AheadListener features) {
        String group = settings.groupOf("predictor", config.name());
        Intake intake = intake(group, shared.predictorTurns()).with(ahead(Topic.REQUESTS, features));
        return new Predictor(predictorSetup(listener, group, intake));
    }

    /** Creates a featurizer that is not yet started. */
    public FeaturizerRole featurizer(FeaturizerListener listener) {
        String group = settings.groupOf("featurizer", config.name());
        return new FeaturizerRole(new FeaturizerSetup(
                config.name(),
                shared.identity(computing().cacheKey()),
                task,
                computing().featurizer(),
                usesUnlabelled(),
                clients,
                codec,
                group,
                settings.instance(),
                intake(group, shared.featurizerTurns()),
                settings.workers(),
                listener));
    }

    /** Returns the features of featurizers for the records of {@code topic}, if they are used. */
    private AheadFeatures ahead(Topic topic, AheadListener listener) {
        return settings.ahead().isUsed()
                ? new FollowedFeatures(
                        clients,
                        codec,
                        config.name(),
                        shared.identity(computing().cacheKey()),
                        topic,
                        computing().cache(),
                        settings.ahead(),
                        listener)
                : AheadFeatures.NONE;
    }

    /** Creates a role that joins late labels, which is not yet started. */
    public Streams streams(StreamsListener listener) {
        return new Streams(new StreamsSetup(
                config.name(),
                task.goal(),
                config.asks().isOn(),
                clients,
                codec,
                settings.groupOf("streams", config.name()),
                settings.instance(),
                settings.streams(),
                clock,
                listener));
    }

    /** Creates a role that answers callers who wait, which is not yet started. */
    public OnlinePredictor online(OnlineListener listener) {
        return new OnlinePredictor(new OnlineSetup(
                serving(listener),
                base.input(),
                clients,
                settings.groupOf("api", config.name()),
                settings.instance(),
                settings.online(),
                shared.predictorTurns(),
                listener));
    }

    private ServingSetup serving(ServingListener listener) {
        return new ServingSetup(
                config,
                computing().model().backbone().digest(),
                computing().model().heads(),
                store,
                codec,
                computing().featurizer(),
                task.goal(),
                clock,
                listener);
    }

    /** Creates a predictor for use on the calling thread; from now on it follows which versions serve. */
    public LocalPredictor localPredictor() {
        return new LocalPredictor(predictorSetup(
                PredictorListener.NONE, settings.groupOf("predictor", config.name()), Intake.trusting()));
    }

    private PredictorSetup predictorSetup(PredictorListener listener, String group, Intake intake) {
        return new PredictorSetup(
                config,
                computing().model().backbone().digest(),
                computing().model().heads(),
                store,
                clients,
                codec,
                computing().featurizer(),
                task.goal(),
                group,
                settings.instance(),
                intake,
                clock,
                shared.telemetry(),
                listener);
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
        return computing().featurizer();
    }

    /** Returns the cache of computed features. */
    public FeatureCache cache() {
        return computing().cache();
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
        return computing().model().backbone().digest();
    }

    /** Returns the number of features of a sample, or of each position of a sample. */
    public int featureWidth() {
        return computing().model().heads().inputs();
    }

    /** Returns the factory of the heads of its lanes. */
    public Heads heads() {
        return computing().model().heads();
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

    private Intake intake(String group, Semaphore turns) {
        return new Intake(
                InFlightNotes.in(settings.inFlight(), group),
                trial,
                settings.preparationTimeout(),
                turns,
                AheadFeatures.NONE);
    }

    /** Prepares a sample, request or command as trainer and predictor do, and ignores the result. */
    void rehearse(ConsumerRecord<byte[], byte[]> record, Runnable decoded) {
        Topics topics = settings.topics();
        if (record.topic().equals(topics.name(Topic.SAMPLES))) {
            sampleReader().prepare(List.of(record));
        } else if (record.topic().equals(topics.name(Topic.REQUESTS))) {
            new RequestReader(topics, codec, computing().featurizer(), config.name()).rehearse(record, decoded);
        } else {
            codec.decode(EventType.COMMAND, record.value());
        }
    }

    private SampleReader sampleReader() {
        return new SampleReader(settings.topics(), codec, task, computing().featurizer(), usesUnlabelled());
    }

    private boolean usesUnlabelled() {
        return config.training().unlabelled() != UnlabelledUse.IGNORE;
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
                computing().model().backbone().digest(),
                computing().model().heads(),
                store,
                clock,
                environment());
    }

    @Override
    public synchronized void close() throws Exception {
        trial.close();
        task.close();
        Computing known = loaded;
        if (known != null) {
            known.model().close();
            shared.release(known.cacheKey());
        }
    }
}
