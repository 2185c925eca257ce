package io.headwater.predictor;

import io.headwater.adapt.HeadArtifact;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Ask;
import io.headwater.domain.Digest;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Prediction;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.engine.DividedModel;
import io.headwater.engine.weights.Tensor;
import io.headwater.kafka.Topic;
import io.headwater.serving.ServingSetup;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Task;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** An installation of {@link LetterModel}, and what its outside world does: asks, and lets versions serve. */
public final class Letters {
    public static final String ADAPTATION = "letters";
    private static final int MAX_RECORD_BYTES = 100_000;

    private Letters() {}

    public static Installation open(BrokerUnderTest broker, Path folder, @Nullable String source) {
        return openAs(broker, folder, config().withSource(source));
    }

    static Installation openAs(BrokerUnderTest broker, Path folder, AdaptationConfig config) {
        return openAs(broker, broker.fresh(config.name()), folder, config);
    }

    /** Opens an adaptation whose topics begin with {@code prefix}, where others may be. */
    static Installation openAs(BrokerUnderTest broker, String prefix, Path folder, AdaptationConfig config) {
        LetterModel model = new LetterModel();
        return Installation.of(config, broker.bootstrapServers(), prefix, new FileArtifactStore(folder, 1 << 20))
                .maxRecordBytes(MAX_RECORD_BYTES)
                .with(new Task(model, LetterModel.GOAL), new DividedModel(model, LetterModel.HEADS))
                .createTopics();
    }

    public static AdaptationConfig config() {
        return AdaptationConfig.of(ADAPTATION, TaskKind.TEXT_CLASSIFICATION, "letters");
    }

    /** A head whose every answer is the class {@code v<number>}, so that answers tell which head gave them. */
    public static HeadArtifact head(long number) {
        return head(
                LetterModel.DIGEST,
                LetterModel.HEADS.form(),
                List.of("other", "v" + number),
                new Tensor.F32(new int[] {LetterModel.WIDTH, 2}, new float[4]));
    }

    /** As {@link #head(long)}, for another base model. */
    public static HeadArtifact head(ServingSetup setup, long number, int width) {
        return head(
                setup.baseModel(),
                setup.heads().form(),
                List.of("other", "v" + number),
                new Tensor.F32(new int[] {width, 2}, new float[2 * width]));
    }

    static HeadArtifact head(Digest base, String form, List<String> labels, Tensor.F32 weights) {
        Tensor.F32 bias = new Tensor.F32(new int[] {2}, new float[] {0, 3});
        return new HeadArtifact(base, form, labels, Map.of("output/W", weights, "output/b", bias));
    }

    public static VersionRef serve(Installation installation, String domain, long number) {
        return serve(installation, domain, number, keep(installation, head(number)));
    }

    static VersionRef serve(Installation installation, String domain, long number, Digest artifact) {
        VersionRef version = new VersionRef(installation.lane(domain), number, artifact, artifact);
        installation.serving(new Serving(version, null, DecidedBy.GATE, "test", false, Instant.EPOCH));
        return version;
    }

    /** Publishes a version that does not serve. */
    public static VersionRef publish(Installation installation, String domain, long number) {
        Digest artifact = keep(installation, head(number));
        VersionRef version = new VersionRef(installation.lane(domain), number, artifact, artifact);
        Lineage lineage = new Lineage(
                null,
                installation.topics().partitionOf(domain),
                0,
                0,
                List.of(),
                LetterModel.DIGEST,
                artifact,
                List.of(),
                List.of(),
                null,
                "",
                List.of(),
                null,
                List.of(),
                0);
        installation.send(
                Topic.MODEL_VERSIONS,
                domain,
                version.lane().key(),
                installation
                        .codec()
                        .encode(
                                EventType.MODEL_VERSION,
                                new ModelVersion(version, lineage, List.of(), 0, Instant.EPOCH, Map.of())));
        return version;
    }

    /** Lets a version serve whose artifact need not be in the store. */
    public static VersionRef serveAs(Installation installation, String domain, long number, Digest artifact) {
        return serve(installation, domain, number, artifact);
    }

    static Digest keep(Installation installation, HeadArtifact head) {
        return installation.store().put(head.toBytes());
    }

    /** Asks {@code count} texts whose ids are numbers from {@code from}. */
    public static void ask(Installation installation, String domain, int from, int count) {
        for (int i = from; i < from + count; i++) {
            installation.request(domain, Integer.toString(i), "text " + i);
        }
        installation.flush();
    }

    /** What is committed on a domain's partition of the predictions topic, in order. */
    public static List<Prediction> predictions(Installation installation, String domain) {
        return installation.records(Topic.PREDICTIONS, domain).stream()
                .map(record -> installation.codec().decodeOrThrow(EventType.PREDICTION, record.value()))
                .toList();
    }

    /** What people should label of a domain, in order. */
    static List<Ask> asks(Installation installation, String domain) {
        return installation.records(Topic.ASKS, domain).stream()
                .map(record -> installation.codec().decodeOrThrow(EventType.ASK, record.value()))
                .filter(ask -> ask.lane().domain().equals(domain))
                .toList();
    }

    static List<ConsumerRecord<byte[], byte[]>> deadLetters(Installation installation, String domain) {
        return installation.records(Topic.DEAD_LETTERS, domain);
    }
}
