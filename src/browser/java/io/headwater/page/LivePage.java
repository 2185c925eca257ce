package io.headwater.page;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.board.Board;
import io.headwater.board.LaneStory;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Ask;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.online.OnlineListener;
import io.headwater.online.OnlinePredictor;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.role.Role;
import io.headwater.standalone.SampleProducer;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.trainer.TrainerListener;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The page of a running installation: a trainer, the prediction API, and a board, all with the encoder and the messages of the demo. */
final class LivePage implements AutoCloseable {
    static final List<String> TEAMS = List.of("desk", "crew", "office");
    private static final int PARTITIONS = 2;
    /** On a machine that does much else, too. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Path MESSAGES = Path.of("src", "main", "resources", "demo");

    private final AdaptationRuntime runtime;
    private final Board board;
    private final List<Role> roles;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final SampleProducer samples;
    private int sent;

    /** Starts it at the brokers of a test, with artifacts in {@code folder}. */
    LivePage(BrokerUnderTest broker, Path folder) throws Exception {
        AdaptationConfig config = AdaptationFile.read(MESSAGES.resolve("demo.yaml"));
        runtime = AdaptationRuntime.open(
                config,
                RuntimeSettings.local(
                        KafkaSettings.of(broker.bootstrapServers()),
                        folder.resolve("artifacts"),
                        broker.fresh("page") + ".",
                        PARTITIONS));
        runtime.ensureTopics();
        board = new Board(runtime.clients(), runtime.codec(), "one");
        OnlinePredictor online = runtime.online(OnlineListener.NONE);
        roles = List.of(runtime.trainer(TrainerListener.NONE), online, board);
        roles.forEach(Role::start);
        samples = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC());
        Router router = Router.router(vertx);
        new PageServer(
                        () -> Optional.of(board),
                        () -> List.of(online),
                        new ApiLimits(1 << 20, 1 << 24, Duration.ofSeconds(20)),
                        new Guards(List.of()))
                .mount(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(Integer.getInteger("headwater.page.port", 0), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    Lane lane(String domain) {
        return new Lane(runtime.config().name(), domain);
    }

    /** Sends messages of a domain with their teams, changed by {@code teams}, in pieces that become versions. */
    void send(String domain, int from, int to, UnaryOperator<String> teams) throws IOException {
        List<String> lines = Files.readAllLines(MESSAGES.resolve(domain + ".tsv"));
        for (String line : lines.subList(from, to)) {
            String[] parts = line.split("\t", 2);
            samples.sample(
                    domain,
                    domain + "-" + sent++,
                    new Payload.Text(parts[1]),
                    new Label.ClassLabel(teams.apply(parts[0])));
        }
        samples.flush();
    }

    /** Chooses a message to be labelled, as a predictor does under a budget. */
    void ask(String domain, String id, String text, String answer) {
        ask(domain, id, new Payload.Text(text), answer);
    }

    /** As the other one, for an input of any kind. */
    void ask(String domain, String id, Payload payload, String answer) {
        VersionRef version = Objects.requireNonNull(
                board.content().story(lane(domain)).orElseThrow().lane().serving());
        Ask ask = new Ask(
                lane(domain), id, payload, version, new Label.ClassLabel(answer), 0.9, "margin", 0.5, Instant.now());
        try (KafkaProducer<byte[], byte[]> producer = runtime.clients().producer()) {
            producer.send(new ProducerRecord<>(
                    runtime.clients().topics().name(Topic.ASKS),
                    runtime.clients().topics().partitionOf(domain),
                    lane(domain).key().getBytes(StandardCharsets.UTF_8),
                    runtime.codec().encode(EventType.ASK, ask)));
            producer.flush();
        }
    }

    /** Waits until the board shows something of a lane. */
    void await(String domain, String what, Predicate<LaneStory> shown) {
        Await.until(
                what, () -> board.content().story(lane(domain)).filter(shown).isPresent());
    }

    Board board() {
        return board;
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
        samples.close();
        for (Role role : roles) {
            role.stop();
        }
        for (Role role : roles) {
            role.awaitEnd();
        }
        runtime.close();
    }
}
