package io.headwater.subscriber;

import io.headwater.codec.Codec;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.domain.VersionRef;
import io.headwater.engine.DividedModel;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.ops.Tasks;
import io.headwater.serving.ServingListener;
import io.headwater.serving.ServingSetup;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Builds a {@link ModelSubscriber}. Adaptation, store and domain must be given. */
public final class SubscriberBuilder {
    private static final int MAX_RECORD_BYTES = 16 << 20;
    private static final long MAX_ARTIFACT_BYTES = 1L << 30;

    private @Nullable AdaptationConfig adaptation;
    private @Nullable Path store;
    private @Nullable String domain;
    private String bootstrapServers = "localhost:9092";
    private Map<String, String> kafka = Map.of();
    private String prefix = "headwater.";
    private int threads = 1;
    private Consumer<VersionRef> listener = version -> {};

    SubscriberBuilder() {}

    /**
     * Sets the adaptation: the file from which trainers read it, or a copy.
     *
     * @throws io.headwater.config.ConfigurationException when the file has faults
     */
    public SubscriberBuilder adaptation(Path file) {
        return adaptation(AdaptationFile.read(file));
    }

    /** Sets the adaptation, which must be that of the trainers. */
    public SubscriberBuilder adaptation(AdaptationConfig config) {
        adaptation = config;
        return this;
    }

    /** Sets the folder of the artifacts, which may be read-only. */
    public SubscriberBuilder store(Path folder) {
        store = folder;
        return this;
    }

    /** Sets the domain whose version answers. */
    public SubscriberBuilder domain(String name) {
        domain = name;
        return this;
    }

    /** Sets the brokers, {@code host:port,…}; by default {@code localhost:9092}. */
    public SubscriberBuilder bootstrapServers(String brokers) {
        bootstrapServers = brokers;
        return this;
    }

    /** Sets further properties of the Kafka clients, such as those for security. */
    public SubscriberBuilder kafka(Map<String, String> properties) {
        kafka = Map.copyOf(properties);
        return this;
    }

    /** Sets the prefix of the names of the topics; by default {@code headwater.}. */
    public SubscriberBuilder topicsPrefix(String begin) {
        prefix = begin;
        return this;
    }

    /** Sets the number of threads that run the base model, 1 by default. */
    public SubscriberBuilder threads(int number) {
        threads = number;
        return this;
    }

    /**
     * Sets who is told of each version that answers from now on, the first one among them. It is called on the thread that follows the
     * topic; as long as it does not return, no further version is loaded.
     */
    public SubscriberBuilder listener(Consumer<VersionRef> told) {
        listener = told;
        return this;
    }

    /**
     * Loads the base model and returns when it is known which version serves, and this version is loaded.
     *
     * @throws IllegalStateException when something that must be given is not
     * @throws io.headwater.config.ConfigurationException when the base model is unknown or invalid
     * @throws KafkaException when the brokers do not answer within a minute, or do not have the topic
     */
    public ModelSubscriber build() throws InterruptedException {
        AdaptationConfig config = given("adaptation", adaptation);
        Path folder = given("store", store);
        String name = given("domain", domain);
        KafkaSettings settings = new KafkaSettings(bootstrapServers, kafka);
        Topics topics = new Topics(prefix, partitions(settings), (short) 0, 0, MAX_RECORD_BYTES);
        BaseModelManifest base = BaseModelFile.resolve(config.base());
        Task task = Tasks.of(config, base);
        DividedModel model = BaseModelOpener.open(base, Compute.ofThreads(threads))
                .divide(config, task.goal().output());
        ServingSetup setup = new ServingSetup(
                config,
                model.backbone().digest(),
                model.heads(),
                new FileArtifactStore(folder, MAX_ARTIFACT_BYTES),
                new Codec(MAX_RECORD_BYTES),
                new Featurizer(task, model.backbone(), new FeatureCache(0)),
                task.goal(),
                Clock.systemUTC(),
                ServingListener.NONE);
        ModelSubscriber subscriber = new ModelSubscriber(setup, new Clients(settings, topics), name, listener, () -> {
            task.close();
            model.close();
        });
        try {
            subscriber.awaitCaughtUp();
            return subscriber;
        } catch (RuntimeException | InterruptedException e) {
            subscriber.close();
            throw e;
        }
    }

    /** Returns the number of partitions that the topics have at the brokers. */
    private int partitions(KafkaSettings settings) throws InterruptedException {
        Topics topics = new Topics(prefix, 1, (short) 0, 0, MAX_RECORD_BYTES);
        String serving = topics.name(Topic.SERVING);
        try (Admin admin = new Clients(settings, topics).admin()) {
            Map<String, TopicDescription> described =
                    admin.describeTopics(List.of(serving)).allTopicNames().get();
            return described.values().iterator().next().partitions().size();
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "topic '%s' cannot be read at %s: %s".formatted(serving, bootstrapServers, e.getCause()), e);
        }
    }

    private static <T> T given(String what, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(
                    "a subscriber must have %s, but has none; call %s(…)".formatted(what, what));
        }
        return value;
    }
}
