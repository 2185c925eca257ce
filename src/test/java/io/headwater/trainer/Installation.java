package io.headwater.trainer;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Command;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.engine.Backbone;
import io.headwater.engine.DividedModel;
import io.headwater.engine.TestModels;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.device.Compute;
import io.headwater.engine.device.EngineInfo;
import io.headwater.engine.model.ModelOpener;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.ops.Tasks;
import io.headwater.role.RoleState;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** One adaptation with topics, a group and a store of its own: what a trainer needs, and what tells it something. */
final class Installation implements AutoCloseable {
    static final int PARTITIONS = 2;
    private static final int MAX_RECORD_BYTES = 16 << 20;

    /** A record of the samples topic, and whether there is something to learn from it. */
    record Sent(ProducerRecord<byte[], byte[]> record, boolean valid, int partition, long offset) {}

    private final AdaptationConfig config;
    private final String bootstrapServers;
    private final Clients clients;
    private final Topics topics;
    private final Codec codec = new Codec(MAX_RECORD_BYTES);
    private final ArtifactStore store;
    private final Task task;
    private final DividedModel model;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Boolean> valid = new ArrayList<>();
    private final List<Future<RecordMetadata>> acknowledged = new ArrayList<>();

    /** With the tokenizer of MiniLM and {@link HashBackbone}. */
    Installation(AdaptationConfig config, String bootstrapServers, String prefix, ArtifactStore store) {
        this(config, bootstrapServers, prefix, store, TestModels.miniLm(), new HashBackbone());
    }

    /** With {@code base}, divided as {@code config} says. */
    static Installation divided(
            AdaptationConfig config,
            String bootstrapServers,
            String prefix,
            ArtifactStore store,
            BaseModelManifest base) {
        try (Task task = Tasks.of(config, base)) {
            DividedModel model = ModelOpener.open(base, config, task.goal().output(), Compute.ONE_THREAD);
            return new Installation(config, bootstrapServers, prefix, store, base, model);
        }
    }

    Installation(
            AdaptationConfig config,
            String bootstrapServers,
            String prefix,
            ArtifactStore store,
            BaseModelManifest base,
            Backbone backbone) {
        this(
                config,
                bootstrapServers,
                prefix,
                store,
                base,
                new DividedModel(backbone, GraphHeads.of(config, backbone.width())));
    }

    private Installation(
            AdaptationConfig config,
            String bootstrapServers,
            String prefix,
            ArtifactStore store,
            BaseModelManifest base,
            DividedModel model) {
        this.config = config;
        this.bootstrapServers = bootstrapServers;
        this.topics = new Topics(prefix + ".", PARTITIONS, (short) 1, 1, MAX_RECORD_BYTES);
        this.clients = new Clients(KafkaSettings.of(bootstrapServers), topics);
        this.store = store;
        this.task = Tasks.of(config, base);
        this.model = model;
        this.producer = clients.producer();
    }

    Installation createTopics() {
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
        return this;
    }

    AdaptationConfig config() {
        return config;
    }

    Topics topics() {
        return topics;
    }

    Clients clients() {
        return clients;
    }

    Codec codec() {
        return codec;
    }

    ArtifactStore store() {
        return store;
    }

    String group() {
        return topics.prefix() + "trainers";
    }

    /** A domain of {@code partition}; another one for each {@code number}. */
    String domain(int partition, int number) {
        int left = number;
        for (int i = 0; ; i++) {
            String name = "shop-" + i;
            if (topics.partitionOf(name) == partition && left-- == 0) {
                return name;
            }
        }
    }

    /** Sends a labelled text of which something can be learned. */
    void sample(String domain, String text, String label) {
        send(domain, value(new Payload.Text(text), label), true);
    }

    byte[] value(Payload payload, String label) {
        return codec.encode(EventType.SAMPLE, new Sample("id", payload, new Label.ClassLabel(label), Instant.EPOCH));
    }

    /** Sends something to where {@code domain} belongs. */
    void send(String domain, byte @Nullable [] value, boolean isValid) {
        byte[] key = domain.getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>(topics.name(Topic.SAMPLES), topics.partitionOf(domain), key, value), isValid);
    }

    void send(ProducerRecord<byte[], byte[]> record, boolean isValid) {
        records.add(record);
        valid.add(isValid);
        acknowledged.add(producer.send(record));
    }

    void command(Command command) {
        byte[] key = command.lane().key().getBytes(StandardCharsets.UTF_8);
        int partition = topics.partitionOf(command.lane().domain());
        producer.send(new ProducerRecord<>(
                topics.name(Topic.COMMANDS), partition, key, codec.encode(EventType.COMMAND, command)));
        producer.flush();
    }

    /** All that was sent to the samples topic, with the places that it got. */
    List<Sent> sent() {
        producer.flush();
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

    Trainer trainer(String instance, TrainerListener listener) {
        return trainer(instance, clients, listener);
    }

    /** A trainer that does not come back to its group in so long a time is no member of it any more. */
    Trainer trainer(String instance, Duration maxPollInterval, TrainerListener listener) {
        Map<String, String> extra =
                Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Long.toString(maxPollInterval.toMillis()));
        return trainer(instance, new Clients(new KafkaSettings(bootstrapServers, extra), topics), listener);
    }

    private Trainer trainer(String instance, Clients with, TrainerListener listener) {
        return new Trainer(new TrainerSetup(context(), with, codec, reader(), group(), instance, 2, listener));
    }

    /** Trains all that was sent until now. */
    void train() {
        train(TrainerListener.NONE);
    }

    void train(TrainerListener listener) {
        producer.flush();
        Trainer trainer = trainer("one", listener);
        trainer.runToEnd();
        if (trainer.state() != RoleState.STOPPED) {
            throw new IllegalStateException("the trainer failed", trainer.failure());
        }
    }

    Replay replay() {
        return new Replay(context(), topics, reader());
    }

    private SampleReader reader() {
        return new SampleReader(topics, codec, task, new Featurizer(task, model.backbone(), new FeatureCache(1 << 20)));
    }

    LaneContext context() {
        Digest configuration = store.put(AdaptationFile.canonical(config).getBytes(StandardCharsets.UTF_8));
        return new LaneContext(
                config,
                task.goal(),
                configuration,
                model.backbone().digest(),
                model.heads(),
                store,
                Clock.systemUTC(),
                EngineInfo.current());
    }

    @Override
    public void close() {
        producer.close();
        task.close();
        model.close();
    }
}
