package io.headwater.trainer;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.TaskKind;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.engine.Backbone;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.device.EngineInfo;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.ops.Tasks;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.headwater.testing.BrokerUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A trainer of one partition with the real encoder, beside a broker and a store of the test's choice. */
final class TrainerRig implements AutoCloseable {
    static final String DOMAIN = "shop";

    final Clients clients;
    final Codec codec = new Codec(1 << 20);
    private final AdaptationConfig config = AdaptationConfig.of("rig", TaskKind.TEXT_CLASSIFICATION, "minilm");
    private final Task task;
    private final Backbone backbone;
    private int sent;

    TrainerRig(BrokerUnderTest broker) {
        Topics topics = new Topics(broker.fresh("rig") + ".", 1, (short) 1, 1, 1 << 20);
        clients = new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
        BaseModelManifest base = BaseModelFile.builtIn("minilm");
        task = Tasks.of(config, base);
        backbone = OnnxBackbone.open(base);
    }

    Trainer trainer(ArtifactStore store) {
        byte[] canonical = AdaptationFile.canonical(config).getBytes(StandardCharsets.UTF_8);
        LaneContext lanes = new LaneContext(
                config,
                task.goal(),
                store.put(canonical),
                backbone.digest(),
                GraphHeads.of(config, backbone.width()),
                store,
                Clock.systemUTC(),
                EngineInfo.current());
        return new Trainer(new TrainerSetup(
                lanes, clients, codec, reader(task), "rig", clients.topics().prefix(), 1, TrainerListener.NONE));
    }

    SampleReader reader(Task ofTexts) {
        return new SampleReader(
                clients.topics(), codec, ofTexts, new Featurizer(ofTexts, backbone, new FeatureCache(1 << 20)));
    }

    Task task() {
        return task;
    }

    void send(int samples) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            for (int i = 0; i < samples; i++) {
                producer.send(new ProducerRecord<>(
                        clients.topics().name(Topic.SAMPLES), DOMAIN.getBytes(StandardCharsets.UTF_8), sample(sent++)));
            }
        }
    }

    byte[] sample(int number) {
        Payload text = new Payload.Text("sentence number " + number);
        Label label = new Label.ClassLabel(number % 2 == 0 ? "even" : "odd");
        return codec.encode(EventType.SAMPLE, new Sample("sample-" + number, text, label, Instant.EPOCH));
    }

    List<ModelVersion> versions() {
        List<ModelVersion> versions = new ArrayList<>();
        try (PartitionReader log = new PartitionReader(clients)) {
            log.readAll(
                    clients.topics().partition(Topic.MODEL_VERSIONS, 0),
                    record -> versions.add(codec.decodeOrThrow(EventType.MODEL_VERSION, record.value())));
        }
        return versions;
    }

    int learned() {
        return versions().stream()
                .mapToInt(version -> version.lineage().samples())
                .sum();
    }

    Lane lane() {
        return new Lane(config.name(), DOMAIN);
    }

    @Override
    public void close() throws Exception {
        task.close();
        backbone.close();
    }
}
