package io.headwater.page;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.board.Board;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Digest;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The page of an installation with many lanes, whose events are written to the topics without a trainer. */
final class CrowdedPage implements AutoCloseable {
    private static final int PARTITIONS = 2;
    private static final int SHOWN = 100;
    private static final Instant BEGAN = Instant.parse("2026-11-30T08:00:00Z");
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    private final AdaptationRuntime runtime;
    private final Board board;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    /** Starts it with {@code lanes} lanes, those at the beginning with full curves. */
    CrowdedPage(BrokerUnderTest broker, Path folder, int lanes) throws Exception {
        runtime = AdaptationRuntime.open(
                AdaptationFile.read(Path.of("src", "main", "resources", "demo", "demo.yaml")),
                RuntimeSettings.local(
                        KafkaSettings.of(broker.bootstrapServers()),
                        folder.resolve("crowd"),
                        broker.fresh("crowd") + ".",
                        PARTITIONS));
        runtime.ensureTopics();
        try (KafkaProducer<byte[], byte[]> producer = runtime.clients().producer()) {
            for (int i = 0; i < lanes; i++) {
                write(producer, new Lane("crowd", "shop-%04d".formatted(i)), i < SHOWN ? 120 : 3);
            }
            producer.flush();
        }
        board = new Board(runtime.clients(), runtime.codec(), "one");
        board.start();
        Await.until("all lanes", () -> board.content().lanes().size() == lanes);
        Router router = Router.router(vertx);
        new PageServer(
                        () -> Optional.of(board),
                        List::of,
                        new ApiLimits(1 << 20, 1 << 24, Duration.ofSeconds(20)),
                        new Guards(List.of()))
                .mount(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private void write(KafkaProducer<byte[], byte[]> producer, Lane lane, int evaluations) {
        VersionRef version = new VersionRef(lane, 1, DIGEST, DIGEST);
        Lineage lineage = new Lineage(null, 0, 0, 9, List.of(9), DIGEST, DIGEST);
        send(
                producer,
                lane,
                Topic.MODEL_VERSIONS,
                EventType.MODEL_VERSION,
                new ModelVersion(version, lineage, List.of("desk", "crew"), 9, BEGAN, Map.of()));
        send(
                producer,
                lane,
                Topic.SERVING,
                EventType.SERVING,
                new Serving(version, null, Serving.DecidedBy.GATE, "the first version of the lane", false, BEGAN));
        send(
                producer,
                lane,
                Topic.TRAINER_STATE,
                EventType.TRAINER_STATE,
                new TrainerState(version, 0, 9, BEGAN, null, null, 0));
        for (int i = 0; i < evaluations; i++) {
            double score = 0.5 + 0.4 * Math.sin(i / 9.0 + lane.hashCode());
            send(
                    producer,
                    lane,
                    Topic.EVALUATIONS,
                    EventType.EVALUATION,
                    new Evaluation(
                            lane,
                            Evaluation.Kind.PREQUENTIAL,
                            1L,
                            null,
                            i,
                            i + 9,
                            9,
                            Map.of("championAccuracy", score, "learnerAccuracy", score),
                            "",
                            BEGAN.plusSeconds(i)));
        }
    }

    private <T> void send(KafkaProducer<byte[], byte[]> producer, Lane lane, Topic topic, EventType<T> type, T event) {
        producer.send(new ProducerRecord<>(
                runtime.clients().topics().name(topic),
                runtime.clients().topics().partitionOf(lane.domain()),
                lane.key().getBytes(StandardCharsets.UTF_8),
                runtime.codec().encode(type, event)));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
        board.stop();
        board.awaitEnd();
        runtime.close();
    }
}
