package io.headwater.predictor;

import io.headwater.adapt.HeadArtifact;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.weights.Tensor;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.headwater.testing.BrokerUnderTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Topics, store and clients of one test, and what its outside world does: asks, and lets versions serve. */
final class Installation implements AutoCloseable {
    static final String ADAPTATION = "letters";
    static final int MAX_RECORD_BYTES = 100_000;

    private final Codec codec = new Codec(MAX_RECORD_BYTES);
    private final AdaptationConfig config;
    private final Clients clients;
    private final ArtifactStore store;
    private final KafkaProducer<byte[], byte[]> producer;

    Installation(BrokerUnderTest broker, Path folder, @Nullable String source) {
        AdaptationConfig d = AdaptationConfig.of(ADAPTATION, TaskKind.TEXT_CLASSIFICATION, "letters");
        this.config = new AdaptationConfig(
                d.name(),
                d.task(),
                d.base(),
                d.labels(),
                source,
                d.head(),
                d.training(),
                d.strategy(),
                d.optimiser(),
                d.features(),
                d.replay(),
                d.checkpoint(),
                d.anchor(),
                d.promotion(),
                d.limits());
        Topics topics = new Topics(broker.fresh("predictor") + ".", 2, (short) 1, 1, MAX_RECORD_BYTES);
        try (Admin admin = broker.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
        this.clients = new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
        this.store = new FileArtifactStore(folder, 1 << 20);
        this.producer = clients.producer();
    }

    Topics topics() {
        return clients.topics();
    }

    Predictor predictor(PredictorListener listener) {
        LetterModel model = new LetterModel();
        return new Predictor(new PredictorSetup(
                config,
                LetterModel.DIGEST,
                LetterModel.HEADS,
                store,
                clients,
                codec,
                new Featurizer(new Task(model, LetterModel.GOAL), model, new FeatureCache(0)),
                LetterModel.GOAL,
                topics().prefix() + "group",
                "one",
                Clock.systemUTC(),
                listener));
    }

    /** A head whose every answer is the class {@code v<number>}, so that answers tell which head gave them. */
    static HeadArtifact head(long number) {
        return head(
                LetterModel.DIGEST,
                LetterModel.HEADS.form(),
                List.of("other", "v" + number),
                new Tensor.F32(new int[] {LetterModel.WIDTH, 2}, new float[4]));
    }

    static HeadArtifact head(Digest base, String form, List<String> labels, Tensor.F32 weights) {
        Tensor.F32 bias = new Tensor.F32(new int[] {2}, new float[] {0, 3});
        return new HeadArtifact(base, form, labels, Map.of("output/W", weights, "output/b", bias));
    }

    VersionRef serve(String domain, long number) {
        return serve(domain, number, store.put(head(number).toBytes()));
    }

    VersionRef serve(String domain, long number, Digest artifact) {
        Lane lane = new Lane(ADAPTATION, domain);
        VersionRef version = new VersionRef(lane, number, artifact, artifact);
        Serving serving = new Serving(version, null, DecidedBy.GATE, "test", false, Instant.EPOCH);
        send(Topic.SERVING, domain, lane.key(), codec.encode(EventType.SERVING, serving));
        producer.flush();
        return version;
    }

    Digest keep(HeadArtifact head) {
        return store.put(head.toBytes());
    }

    /** Asks {@code count} texts whose ids are numbers from {@code from}. */
    void ask(String domain, int from, int count) {
        for (int i = from; i < from + count; i++) {
            ask(domain, Integer.toString(i), "text " + i);
        }
        producer.flush();
    }

    void ask(String domain, String id, String text) {
        byte[] value = codec.encode(EventType.REQUEST, new Request(id, new Payload.Text(text), Instant.EPOCH));
        send(Topic.REQUESTS, domain, domain, value);
    }

    void send(Topic topic, String domain, String key, byte[] value) {
        producer.send(new ProducerRecord<>(
                topics().name(topic), topics().partitionOf(domain), key.getBytes(StandardCharsets.UTF_8), value));
    }

    /** What is committed on a domain's partition of the predictions topic, in order. */
    List<Prediction> predictions(String domain) {
        List<Prediction> predictions = new ArrayList<>();
        records(Topic.PREDICTIONS, domain)
                .forEach(record -> predictions.add(codec.decodeOrThrow(EventType.PREDICTION, record.value())));
        return predictions;
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters(String domain) {
        return records(Topic.DEAD_LETTERS, domain);
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Topic topic, String domain) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            reader.readAll(topics().partition(topic, topics().partitionOf(domain)), records::add);
        }
        return records;
    }

    @Override
    public void close() {
        producer.close();
    }
}
