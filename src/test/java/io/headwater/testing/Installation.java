package io.headwater.testing;

import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.engine.Backbone;
import io.headwater.engine.DividedModel;
import io.headwater.engine.TestModels;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.cache.FeatureIdentity;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.device.Compute;
import io.headwater.engine.device.EngineInfo;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.featurizer.FeaturizerListener;
import io.headwater.featurizer.FeaturizerRole;
import io.headwater.featurizer.FeaturizerSetup;
import io.headwater.intake.Intake;
import io.headwater.intake.ahead.AheadListener;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.intake.ahead.FollowedFeatures;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.online.OnlineListener;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSettings;
import io.headwater.online.OnlineSetup;
import io.headwater.ops.Tasks;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.predictor.PredictorSetup;
import io.headwater.predictor.RequestReader;
import io.headwater.role.RoleState;
import io.headwater.serving.ServingListener;
import io.headwater.serving.ServingSetup;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.headwater.trainer.LaneContext;
import io.headwater.trainer.Replay;
import io.headwater.trainer.SampleReader;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import io.headwater.trainer.TrainerSetup;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An adaptation with its own topics, groups and store, and the trainers and predictors that run it. It is created by a
 * {@link Builder}; its topics are created by {@link #createTopics}.
 */
public final class Installation extends TestTopics {
    /** Default number of partitions of every topic. */
    public static final int PARTITIONS = 2;

    private static final int CACHE_BYTES = 1 << 20;
    private static final int WORKERS = 2;

    /** A record of the samples topic, and whether it is a valid sample. */
    public record Sent(ProducerRecord<byte[], byte[]> record, boolean valid, int partition, long offset) {}

    private final AdaptationConfig config;
    private final ArtifactStore store;
    private final Intake intake;
    private final long laneBytes;
    private final int workers;
    private final AheadSettings ahead;
    private final AheadListener aheadListener;
    private final BaseModelInput input;
    private final Task task;
    private final DividedModel model;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Boolean> valid = new ArrayList<>();
    private final List<Future<RecordMetadata>> acknowledged = new ArrayList<>();

    private Installation(Builder built, Task task, DividedModel model) {
        super(built.bootstrapServers, built.prefix + ".", built.partitions, built.maxRecordBytes);
        this.config = built.config;
        this.store = built.store;
        this.intake = built.intake;
        this.laneBytes = built.laneBytes;
        this.workers = built.workers;
        this.ahead = built.ahead;
        this.aheadListener = built.aheadListener;
        this.input = built.input;
        this.task = task;
        this.model = model;
    }

    /**
     * Returns a builder of an installation of {@code config}. By default it has two partitions and records of up to 16
     * MiB, and its base model reads texts with the tokenizer of MiniLM and computes cheap features.
     *
     * @param prefix prefix of the names of its topics and groups
     */
    public static Builder of(AdaptationConfig config, String bootstrapServers, String prefix, ArtifactStore store) {
        return new Builder(config, bootstrapServers, prefix, store);
    }

    /** Returns a builder of an installation at a shared broker, with names that no other test uses. */
    public static Builder of(AdaptationConfig config, BrokerUnderTest broker, ArtifactStore store) {
        return of(config, broker.bootstrapServers(), broker.fresh(config.name()), store);
    }

    /** Returns a model with the features of {@code backbone} and the heads that {@code config} asks for. */
    public static DividedModel model(AdaptationConfig config, Backbone backbone) {
        return new DividedModel(backbone, GraphHeads.of(config, backbone.width()));
    }

    public Installation createTopics() {
        ensure();
        return this;
    }

    public AdaptationConfig config() {
        return config;
    }

    public ArtifactStore store() {
        return store;
    }

    public Task task() {
        return task;
    }

    /** Returns the consumer group of its trainers. */
    public String group() {
        return topics().prefix() + "trainers-" + config.name();
    }

    public Lane lane(String domain) {
        return new Lane(config.name(), domain);
    }

    /** Sends a valid labelled text. */
    public void sample(String domain, String text, String label) {
        send(domain, value(new Payload.Text(text), label), true);
    }

    /** Sends a text without a label, which is not among those {@link #sent}. */
    public void unlabelled(String domain, String text) {
        Sample sample = new Sample("id", new Payload.Text(text), null, Instant.EPOCH);
        send(Topic.SAMPLES, domain, domain, codec().encode(EventType.SAMPLE, sample));
    }

    public byte[] value(Payload payload, String label) {
        return codec().encode(EventType.SAMPLE, new Sample("id", payload, new Label.ClassLabel(label), Instant.EPOCH));
    }

    /** Sends a record to the partition of {@code domain}. */
    public void send(String domain, byte @Nullable [] value, boolean isValid) {
        byte[] key = domain.getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>(topics().name(Topic.SAMPLES), topics().partitionOf(domain), key, value), isValid);
    }

    public void send(ProducerRecord<byte[], byte[]> record, boolean isValid) {
        records.add(record);
        valid.add(isValid);
        acknowledged.add(send(record));
    }

    /** Returns all records sent to the samples topic, with their positions. */
    public List<Sent> sent() {
        flush();
        List<Sent> all = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            try {
                RecordMetadata at = acknowledged.get(i).get();
                all.add(new Sent(records.get(i), valid.get(i), at.partition(), at.offset()));
            } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return all;
    }

    /** The versions of all lanes, in the order of each partition. */
    public List<ModelVersion> versions() {
        try (PartitionReader reader = new PartitionReader(clients())) {
            return records(reader, Topic.MODEL_VERSIONS).stream()
                    .map(record -> codec().decodeOrThrow(EventType.MODEL_VERSION, record.value()))
                    .toList();
        }
    }

    public Trainer trainer(String instance, TrainerListener listener) {
        return trainer(instance, clients(), store, listener);
    }

    /** Returns a trainer that leaves its group if it does not poll within {@code maxPollInterval}. */
    public Trainer trainer(String instance, Duration maxPollInterval, TrainerListener listener) {
        Map<String, String> extra =
                Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Long.toString(maxPollInterval.toMillis()));
        return trainer(instance, new Clients(new KafkaSettings(bootstrapServers(), extra), topics()), store, listener);
    }

    /** A trainer that keeps its artifacts in {@code other}. */
    public Trainer trainer(String instance, ArtifactStore other) {
        return trainer(instance, clients(), other, TrainerListener.NONE);
    }

    /** Returns a trainer whose lanes go on when the samples topic was created anew. */
    public Trainer trainerThatGoesOnAfterReset(String instance, TrainerListener listener) {
        return trainer(instance, clients(), store, listener, true);
    }

    private Trainer trainer(String instance, Clients with, ArtifactStore artifacts, TrainerListener listener) {
        return trainer(instance, with, artifacts, listener, false);
    }

    private Trainer trainer(
            String instance,
            Clients with,
            ArtifactStore artifacts,
            TrainerListener listener,
            boolean goesOnAfterReset) {
        return new Trainer(new TrainerSetup(
                context(artifacts),
                with,
                codec(),
                reader(task),
                group(),
                instance,
                intake(Topic.SAMPLES, with),
                workers,
                listener,
                goesOnAfterReset,
                laneBytes));
    }

    private Intake intake(Topic topic, Clients with) {
        return ahead.isUsed()
                ? intake.with(new FollowedFeatures(
                        with,
                        codec(),
                        config.name(),
                        featureIdentity(),
                        topic,
                        new FeatureCache(CACHE_BYTES),
                        ahead,
                        aheadListener))
                : intake;
    }

    private Digest featureIdentity() {
        return FeatureIdentity.of(model.backbone().digest(), Map.of());
    }

    /** Returns the consumer group of its featurizers. */
    public String featurizerGroup() {
        return topics().prefix() + "featurizers-" + config.name();
    }

    /** Returns a featurizer of this group. */
    public FeaturizerRole featurizer(String instance, FeaturizerListener listener) {
        return featurizer(featurizerGroup(), instance, clients(), listener);
    }

    /** Returns a featurizer in a group of its own that uses {@code with}. */
    public FeaturizerRole featurizerOf(String group, Clients with, FeaturizerListener listener) {
        return featurizer(group, "one", with, listener);
    }

    private FeaturizerRole featurizer(String group, String instance, Clients with, FeaturizerListener listener) {
        return new FeaturizerRole(new FeaturizerSetup(
                config.name(),
                featureIdentity(),
                task,
                new Featurizer(task, model.backbone(), new FeatureCache(CACHE_BYTES)),
                config.training().unlabelled() != UnlabelledUse.IGNORE,
                with,
                codec(),
                group,
                instance,
                intake,
                workers,
                listener));
    }

    /** Returns a trainer in a group of its own that uses {@code with}. */
    public Trainer trainerOf(String group, Clients with, TrainerListener listener) {
        return new Trainer(
                new TrainerSetup(context(store), with, codec(), reader(task), group, "one", intake, workers, listener));
    }

    /** Trains on all samples sent so far. */
    public void train() {
        train(TrainerListener.NONE);
    }

    public void train(TrainerListener listener) {
        flush();
        Trainer trainer = trainer("one", listener);
        trainer.runToEnd();
        if (trainer.state() != RoleState.STOPPED) {
            throw new IllegalStateException("the trainer failed", trainer.failure());
        }
    }

    public Replay replay() {
        return new Replay(context(), topics(), reader(task));
    }

    /** Reads samples as {@code read} prepares them. */
    public SampleReader reader(Task read) {
        return new SampleReader(
                topics(),
                codec(),
                read,
                new Featurizer(read, model.backbone(), new FeatureCache(CACHE_BYTES)),
                config.training().unlabelled() != UnlabelledUse.IGNORE);
    }

    /** Reads requests as its predictors do. */
    public RequestReader requestReader() {
        return new RequestReader(
                topics(),
                codec(),
                new Featurizer(task, model.backbone(), new FeatureCache(CACHE_BYTES)),
                config.name());
    }

    public LaneContext context() {
        return context(store);
    }

    private LaneContext context(ArtifactStore artifacts) {
        Digest configuration = Digest.of(AdaptationFile.canonical(config).getBytes(StandardCharsets.UTF_8));
        return new LaneContext(
                config,
                task.goal(),
                configuration,
                model.backbone().digest(),
                model.heads(),
                artifacts,
                Clock.systemUTC(),
                EngineInfo.current());
    }

    public Predictor predictor(PredictorListener listener) {
        return predictor(Clock.systemUTC(), listener);
    }

    /** Returns a predictor for which it is the time that {@code clock} says. */
    public Predictor predictor(InstantSource clock, PredictorListener listener) {
        return predictorOf(
                topics().prefix() + "predictors-" + config.name(), clients(), clock, OpenTelemetry.noop(), listener);
    }

    /** Returns a predictor whose spans {@code telemetry} receives. */
    public Predictor predictor(OpenTelemetry telemetry) {
        return predictorOf(
                topics().prefix() + "predictors-" + config.name(),
                clients(),
                Clock.systemUTC(),
                telemetry,
                PredictorListener.NONE);
    }

    /** Returns a predictor in a group of its own that uses {@code with}. */
    public Predictor predictorOf(String group, Clients with, PredictorListener listener) {
        return predictorOf(group, with, Clock.systemUTC(), OpenTelemetry.noop(), listener);
    }

    private Predictor predictorOf(
            String group, Clients with, InstantSource clock, OpenTelemetry telemetry, PredictorListener listener) {
        return new Predictor(new PredictorSetup(
                config,
                model.backbone().digest(),
                model.heads(),
                store,
                with,
                codec(),
                new Featurizer(task, model.backbone(), new FeatureCache(0)),
                task.goal(),
                group,
                "one",
                intake(Topic.REQUESTS, with),
                clock,
                telemetry,
                listener));
    }

    /** Returns a role that answers callers who wait. */
    public OnlinePredictor online(OnlineSettings settings) {
        return onlineOf(topics().prefix() + "api-" + config.name(), clients(), settings);
    }

    /** Returns a role that answers callers who wait, with names of its own, that uses {@code with}. */
    public OnlinePredictor onlineOf(String group, Clients with, OnlineSettings settings) {
        return new OnlinePredictor(new OnlineSetup(
                servingSetup(), input, with, group, "one", settings, new Semaphore(1), OnlineListener.NONE));
    }

    /** Returns what is needed to answer. */
    public ServingSetup servingSetup() {
        return new ServingSetup(
                config,
                model.backbone().digest(),
                model.heads(),
                store,
                codec(),
                new Featurizer(task, model.backbone(), new FeatureCache(0)),
                task.goal(),
                Clock.systemUTC(),
                ServingListener.NONE);
    }

    @Override
    public void close() {
        super.close();
        task.close();
        model.close();
    }

    /** The settings in which installations may differ. */
    public static final class Builder {
        private final AdaptationConfig config;
        private final String bootstrapServers;
        private final String prefix;
        private final ArtifactStore store;
        private int partitions = PARTITIONS;
        private int maxRecordBytes = 16 << 20;
        private Intake intake = Intake.trusting();
        private long laneBytes = TrainerSetup.halfOfHeap();
        private int workers = WORKERS;
        private BaseModelInput input = TestModels.miniLm().input();
        private AheadSettings ahead = AheadSettings.OFF;
        private AheadListener aheadListener = AheadListener.NONE;

        private Builder(AdaptationConfig config, String bootstrapServers, String prefix, ArtifactStore store) {
            this.config = config;
            this.bootstrapServers = bootstrapServers;
            this.prefix = prefix;
            this.store = store;
        }

        public Builder partitions(int count) {
            partitions = count;
            return this;
        }

        public Builder maxRecordBytes(int bytes) {
            maxRecordBytes = bytes;
            return this;
        }

        /** Sets the protection of its trainers and predictors against harmful records; none by default. */
        public Builder intake(Intake protection) {
            intake = protection;
            return this;
        }

        /** Sets about how many bytes the lanes of a trainer may take in memory. */
        public Builder laneBytes(long bytes) {
            laneBytes = bytes;
            return this;
        }

        /** Sets the number of threads of its trainers that prepare samples, and on which lanes work; 2 by default. */
        public Builder workers(int threads) {
            workers = threads;
            return this;
        }

        /** Sets whether its trainers and predictors use the features of featurizers; they do not by default. */
        public Builder ahead(AheadSettings settings, AheadListener listener) {
            ahead = settings;
            aheadListener = listener;
            return this;
        }

        /** Opens an installation with the tokenizer of MiniLM and {@link HashBackbone}. */
        public Installation open() {
            return with(TestModels.miniLm(), new HashBackbone());
        }

        /** Opens an installation with {@code base}, divided as the adaptation configures. */
        public Installation divided(BaseModelManifest base) {
            input = base.input();
            Task task = Tasks.of(config, base);
            return with(
                    task,
                    BaseModelOpener.open(base, Compute.ONE_THREAD)
                            .divide(config, task.goal().output()));
        }

        /** Opens an installation with the inputs of {@code base} and the features of {@code backbone}. */
        public Installation with(BaseModelManifest base, Backbone backbone) {
            return with(Tasks.of(config, base), model(config, backbone));
        }

        /** Opens an installation with a given task and model, and closes both with it. */
        public Installation with(Task task, DividedModel model) {
            return new Installation(this, task, model);
        }
    }
}
