package io.headwater.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.board.Board;
import io.headwater.board.LaneStory;
import io.headwater.cli.CommandRun;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Ask;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import io.headwater.page.PageServer;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** The management API, with a real trainer and a real broker, held to its description in schemas/openapi.yaml. */
@OnEmbeddedBroker
@Timeout(300)
class ManageRoutesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String LANES = "/api/v1/lanes";
    private static final String SHOP = LANES + "/reviews/shop";
    private static final int SAMPLES = 24;
    private static final byte[] IMAGE = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static final String HOSTILE = "<b>&\"';\n";

    private static String brokers;
    private static Installation installation;
    private static Board board;
    private static Trainer trainer;
    private static Vertx vertx;
    private static HttpServer server;
    private static JsonNode document;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start(BrokerUnderTest broker, @TempDir Path folder) throws Exception {
        AdaptationConfig config = AdaptationFile.parse(
                "reviews",
                "name: reviews\ntask: text-classification\nbase: minilm\nlabels: [good, bad]\ntraining:\n  batch-size: 4\n");
        brokers = broker.bootstrapServers();
        installation = Installation.of(config, broker, new FileArtifactStore(folder, 1 << 24))
                .open()
                .createTopics();
        List.of("café", "desk & co", "shop").forEach(ManageRoutesTest::send);
        installation.sample("shop", "neither", "so-so");
        installation.flush();
        trainer = installation.trainer("one", TrainerListener.NONE);
        trainer.start();
        board = new Board(installation.clients(), installation.codec(), "one");
        board.start();
        vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        new PageServer(
                        () -> Optional.of(board),
                        List::of,
                        new ApiLimits(4096, 1 << 20, Duration.ofSeconds(20)),
                        new Guards(List.of("proxied.example")))
                .mount(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        document = MAPPER.valueToTree(new Yaml().load(Files.readString(Path.of("schemas/openapi.yaml"))));
        Await.until("three lanes", () -> board.content().lanes().size() == 3);
        await(
                "all is learned and one letter",
                story -> story.lane().samples() == SAMPLES && story.lane().letters() == 1);
        await("it serves", story -> story.lane().serving() != null);
        // Only what comes when a version serves can be scored.
        send("shop");
        installation.flush();
        await("all is learned", story -> story.lane().samples() == 2 * SAMPLES);
        await(
                "another version serves, with a score",
                story -> story.lane().score() != null && servingNumber(story) > 1);
    }

    /** Returns the number of the version that serves; 0 when none does. */
    private static long servingNumber(LaneStory story) {
        VersionRef serving = story.lane().serving();
        return serving == null ? 0 : serving.number();
    }

    private static void send(String domain) {
        for (int i = 0; i < SAMPLES; i++) {
            installation.sample(domain, (i % 2 == 0 ? "a delight " : "a disaster ") + i, i % 2 == 0 ? "good" : "bad");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
        trainer.stop();
        board.stop();
        trainer.awaitEnd();
        board.awaitEnd();
        installation.close();
    }

    private static void await(String what, Predicate<LaneStory> shown) {
        Await.until(
                what,
                () -> board.content()
                        .story(installation.lane("shop"))
                        .filter(shown)
                        .isPresent());
    }

    @Test
    void shouldListLanesInPieces() throws Exception {
        JsonNode first = get(LANES + "?limit=2");
        assertThat(first.at("/lanes"))
                .extracting(lane -> lane.get("lane").asText())
                .containsExactly("reviews/café", "reviews/desk & co");
        JsonNode second =
                get(LANES + "?limit=2&after=" + encoded(first.get("next").asText()));

        assertThat(second.at("/lanes"))
                .extracting(lane -> lane.get("lane").asText())
                .containsExactly("reviews/shop");
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(get(LANES + "/reviews/caf%C3%A9").get("samples").asInt()).isEqualTo(SAMPLES);
        assertThat(get(LANES + "/reviews/desk%20%26%20co").get("labels")).hasSize(2);
    }

    @Test
    void shouldAnswerAsDescribed() throws Exception {
        ask("described");
        for (String path : List.of(
                LANES,
                LANES + "/{adaptation}/{domain}",
                LANES + "/{adaptation}/{domain}/versions",
                LANES + "/{adaptation}/{domain}/evaluations",
                LANES + "/{adaptation}/{domain}/decisions",
                LANES + "/{adaptation}/{domain}/answers",
                LANES + "/{adaptation}/{domain}/mistakes",
                LANES + "/{adaptation}/{domain}/asks",
                "/api/v1/dead-letters")) {
            JsonNode answer = get(path.replace("{adaptation}/{domain}", "reviews/shop"));
            ObjectNode schema = MAPPER.createObjectNode();
            schema.set("components", document.get("components"));
            schema.putArray("allOf")
                    .add(document.get("paths").get(path).at("/get/responses/200/content/application~1json/schema"));
            assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(answer))
                    .as(path)
                    .isEmpty();
            JsonNode list = answer.properties().iterator().next().getValue();
            assertThat(list.isArray() ? list : answer).as(path).isNotEmpty();
        }
        assertThat(get(SHOP + "/versions").at("/versions/0/parent").isNull()).isTrue();
        JsonNode answers = get(SHOP + "/answers");
        assertThat(answers.get("samples").asInt()).isPositive().isEqualTo(sum(answers.get("bins")));
        assertThat(sum(answers.get("pairs")) + answers.get("others").asInt())
                .isEqualTo(answers.get("samples").asInt());
        JsonNode score = get(SHOP).get("score");
        assertThat(score.get("low").asDouble()).isLessThan(score.get("mean").asDouble() + 1e-9);
        assertThat(get("/api/v1/dead-letters?lane=reviews/shop")
                        .at("/deadLetters/0/reason")
                        .asText())
                .isEqualTo("BAD_LABEL");
    }

    private static int sum(JsonNode counts) {
        int sum = 0;
        for (JsonNode one : counts) {
            sum += one.get("samples").asInt();
        }
        return sum;
    }

    /** What was answered wrongly is read from the topic of samples, and can be looked at as it was sent. */
    @Test
    void shouldShowWhatWasMistaken() throws Exception {
        String text = "an <b>odd</b> one";
        int before = get(SHOP + "/mistakes").get("mistakes").size();
        // Whatever is answered, it is wrong for one of them.
        installation.sample("shop", text, "bad");
        installation.sample("shop", text, "good");
        installation.flush();
        await("a mistake", story -> story.answers().mistakes().size() > before);

        JsonNode mistake = get(SHOP + "/mistakes").get("mistakes").get(0);

        assertThat(mistake.get("predicted").asText())
                .isNotEqualTo(mistake.get("expected").asText());
        assertThat(mistake.get("probability").asDouble()).isBetween(0.5, 1.0);
        HttpResponse<String> input = send(request(mistake.get("input").asText()));
        assertThat(input.body()).isEqualTo(text);
        assertShownOnly(input.headers(), "text/plain;charset=UTF-8");
        HttpResponse<String> part = send(request("/lanes/reviews/shop/mistakes"));
        assertThat(part.body()).contains("an &lt;b&gt;odd&lt;/b&gt; one").doesNotContain("<b>odd");
        assertThat(status(SHOP + "/mistakes/999999/input")).isEqualTo(404);
        assertThat(status(SHOP + "/mistakes/some/input")).isEqualTo(400);
    }

    /** An input comes from a stranger: its type is that of its bytes, and nothing else is shown. */
    @Test
    void shouldShowImagesAndSoundsOfRequestsAsTheirBytesSay() throws Exception {
        ask("image", new Payload.EncodedImage(IMAGE));
        ask("sound", new Payload.Waveform(new byte[3200], 16_000));
        ask("page", new Payload.EncodedImage("<svg><script>alert(1)</script>".getBytes(StandardCharsets.UTF_8)));
        ask("a/b ç", new Payload.Text("<script>alert(1)</script>"));

        HttpResponse<byte[]> image =
                client.send(request(SHOP + "/asks/image/input").build(), BodyHandlers.ofByteArray());
        assertThat(image.body()).isEqualTo(IMAGE);
        assertShownOnly(image.headers(), "image/png");
        HttpResponse<byte[]> sound =
                client.send(request(SHOP + "/asks/sound/input").build(), BodyHandlers.ofByteArray());
        assertShownOnly(sound.headers(), "audio/wav");
        assertThat(AudioSystem.getAudioFileFormat(new ByteArrayInputStream(sound.body()))
                        .getFrameLength())
                .isEqualTo(1600);
        HttpResponse<String> refused = send(request(SHOP + "/asks/page/input"));
        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        HttpResponse<String> text = send(request(SHOP + "/asks/a%2Fb%20%C3%A7/input"));
        assertThat(text.body()).isEqualTo("<script>alert(1)</script>");
        assertShownOnly(text.headers(), "text/plain;charset=UTF-8");
        assertThat(status(SHOP + "/asks/nothing/input")).isEqualTo(404);
        assertThat(status(LANES + "/reviews/caf%C3%A9/asks/image/input")).isEqualTo(404);
        String page = send(request("/lanes/reviews/shop")).body();
        assertThat(page)
                .contains("<img class=\"input\" src=\"/api/v1/lanes/reviews/shop/asks/image/input\"")
                .contains("<audio class=\"input\" src=\"/api/v1/lanes/reviews/shop/asks/sound/input\"");
    }

    private static void assertShownOnly(HttpHeaders headers, String type) {
        assertThat(headers.firstValue("Content-Type")).hasValue(type);
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(headers.firstValue("Content-Security-Policy")).hasValue("default-src 'none'; sandbox");
        assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");
    }

    /** With {@code --url}, a command says what it says without. */
    @Test
    void shouldAnswerCommandsAsTheTopicsDo() {
        ask("for the command line");
        String lane = "reviews/café";
        awaitSame("lanes", "/lanes", one -> one.get("lane").asText().equals(lane), "score");
        awaitSame("asks reviews/shop", "/asks", one -> one.get("id").asText().equals("for the command line"));
        awaitSame("dead-letters --reason bad-label", "/letters", one -> true);
        awaitSame("dead-letters --reason unknown-request", "/counts", one -> true);

        assertThat(ofService("lanes").out()).contains(lane, "3 lanes");
        assertThat(ofService("dead-letters --limit 0 --lane reviews/café").out())
                .contains("0 dead letters {}");
    }

    private static void awaitSame(String command, String list, Predicate<JsonNode> chosen, String... except) {
        String[] topics = "%s --json --bootstrap-servers %s --topics-prefix %s"
                .formatted(command, brokers, installation.clients().topics().prefix())
                .split(" ");
        Await.until(
                command,
                () -> chosen(CommandRun.of(topics), list, chosen, except)
                        .equals(chosen(ofService(command + " --json"), list, chosen, except)));
    }

    private static List<JsonNode> chosen(CommandRun run, String list, Predicate<JsonNode> chosen, String... except) {
        assertThat(run.code()).as(run.err()).isZero();
        try {
            List<JsonNode> found = new ArrayList<>();
            for (JsonNode one : MAPPER.readTree(run.out()).at(list)) {
                if (chosen.test(one)) {
                    found.add(one.isObject() ? ((ObjectNode) one).remove(List.of(except)) : one);
                }
            }
            return found;
        } catch (IOException e) {
            throw new AssertionError(run.out(), e);
        }
    }

    private static CommandRun ofService(String command) {
        return CommandRun.of((command + " --url http://127.0.0.1:" + server.actualPort() + "/").split(" "));
    }

    @Test
    void shouldTellACommandWhatIsWrong() throws Exception {
        assertThat(ofService("asks reviews/nobody"))
                .satisfies(run -> assertThat(run.code()).isEqualTo(1))
                .satisfies(run -> assertThat(run.err())
                        .contains(
                                "the management API refuses http://127.0.0.1", "with status 404: ", "reviews/nobody"));
        assertThat(fault("lanes --url http://127.0.0.1:%d/elsewhere".formatted(server.actualPort()), 1))
                .contains("check that --url is the address of a service with the role page");
        assertThat(fault("lanes --url localhost:8080", 2)).contains("must be the address of a service");
        // A port that is taken, but by nobody who answers, and one that nobody takes.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort();
            assertThat(fault("lanes --timeout 1 --url " + url, 1))
                    .contains(
                            "the management API at " + url + " did not answer all that was asked in 1 s; check --url");
        }
        assertThat(fault("lanes --url http://127.0.0.1:1", 1)).contains("cannot be reached at http://127.0.0.1:1: ");
    }

    private static String fault(String command, int code) {
        CommandRun run = CommandRun.of(command.split(" "));
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        return run.err();
    }

    @Test
    void shouldCarryOutWhatIsDecidedUnlessSomethingElseServesMeanwhile() throws Exception {
        long serving = get(SHOP).at("/serving/version").asLong();
        assertThat(serving).isGreaterThan(1);

        // When
        HttpResponse<String> stale = post(
                SHOP + "/commands",
                command("rollback", 1).replace("}", ", \"expectedVersion\": %d}".formatted(serving + 7)));
        HttpResponse<String> done = post(
                SHOP + "/commands",
                command("rollback", 1).replace("}", ", \"expectedVersion\": %d}".formatted(serving)));

        // Then
        assertThat(stale.statusCode()).as(stale.body()).isEqualTo(409);
        assertThat(stale.body()).contains("but version " + serving + " serves now");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        await("the rollback", story -> servingNumber(story) == 1);
        JsonNode marks = get(SHOP + "/decisions").get("marks");
        assertThat(marks.get(marks.size() - 1).get("text").asText()).contains(HOSTILE.strip(), "because");
        assertThat(get(SHOP).get("state").asText()).isEqualTo("held");

        // When the lane is paused twice, the second command is refused
        assertThat(post(SHOP + "/commands", command("pause", 0)).statusCode()).isEqualTo(200);
        HttpResponse<String> again = post(SHOP + "/commands", command("pause", 0));
        assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
        await(
                "the pause",
                story -> story.marks().stream().anyMatch(mark -> mark.text().startsWith("pause by")));
        assertThat(post(SHOP + "/commands", command("resume", 0)).statusCode()).isEqualTo(200);
        assertThat(post(SHOP + "/commands", command("promote", (int) serving)).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "reviews/shop    | {'action': 'promote'}                                           | 400 | 'by' must be",
                "reviews/shop    | {'action': 'promote', 'by': 'a'}                                | 400 | 'reason' must be",
                "reviews/shop    | {'action': 'dance', 'by': 'a', 'reason': 'b'}                   | 400 | action must be one of",
                "reviews/shop    | {'action': 'merge', 'by': 'a', 'reason': 'b'}                   | 400 | action must be one of",
                "reviews/shop    | {'action': 'pause', 'version': 1, 'by': 'a', 'reason': 'b'}     | 400 | take a version",
                "reviews/shop    | {'action': 'promote', 'version': -1, 'by': 'a', 'reason': 'b'}  | 400 | from 0 on",
                "reviews/shop    | {'action': 'promote', 'version': 1.5, 'by': 'a', 'reason': 'b'} | 400 | whole number",
                "reviews/shop    | {'action': 'promote', 'version': 999, 'by': 'a', 'reason': 'b'} | 404 | no version 999",
                "reviews/shop    | {'action': 'forget', 'by': 'a', 'reason': 'b'}                  | 400 | id of a sample",
                "reviews/shop    | {'action': 'forget', 'sample': '?', 'by': 'a', 'reason': 'b'}   | 404 | no sample",
                "reviews/shop    | {'action': 'pause', 'sample': 'x', 'by': 'a', 'reason': 'b'}    | 400 | id of a sample",
                "reviews/shop    | {'action': 'pause', 'who': 'a'}                                 | 400 | no field 'who'",
                "reviews/shop    | {'action': ['pause']}                                           | 400 | must be a string",
                "reviews/shop    | nonsense                                                        | 400 | must be JSON",
                "reviews/nowhere | {'action': 'pause', 'by': 'a', 'reason': 'b'}                   | 404 | no lane",
                "re%20views/shop | {'action': 'pause', 'by': 'a', 'reason': 'b'}                   | 400 | adaptation must be"
            })
    void shouldRefuseWhatIsNoDecision(String lane, String body, int status, String message) throws Exception {
        HttpResponse<String> response = post(LANES + "/" + lane + "/commands", body.replace('\'', '"'));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(message);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void shouldRefuseLargeBodiesOtherSitesAndBadParameters() throws Exception {
        assertThat(post(SHOP + "/commands", " ".repeat(5000)).statusCode()).isEqualTo(413);
        for (String path : List.of(SHOP + "/commands", "/lanes/reviews/shop/commands", "/dead-letters/0-0/replay")) {
            HttpResponse<String> foreign = send(request(path)
                    .header("Origin", "https://example.org")
                    .POST(BodyPublishers.ofString(command("pause", 0))));
            assertThat(foreign.statusCode()).as(path).isEqualTo(403);
        }
        assertThat(status(LANES + "?limit=0")).isEqualTo(400);
        assertThat(status(LANES + "?limit=many")).isEqualTo(400);
        assertThat(status(LANES + "?after=nothing")).isEqualTo(400);
        assertThat(status("/api/v1/events?lane=nothing")).isEqualTo(400);
        assertThat(status(SHOP + "/asks?limit=1001")).isEqualTo(400);
        assertThat(status(LANES + "/reviews/nowhere/versions")).isEqualTo(404);
    }

    /** A name of a stranger may point to this machine. */
    @Test
    void shouldOnlyAnswerForHostsThatItKnows() throws Exception {
        for (String host : List.of("localhost", "127.0.0.1:80", "page.localhost", "Proxied.example")) {
            assertThat(answerFor(host, LANES)).as(host).startsWith("HTTP/1.1 200 ");
        }
        for (String host : List.of("127.0.0.1.example.org", "example.org", "localhost.example.org")) {
            assertThat(answerFor(host, LANES)).as(host).startsWith("HTTP/1.1 421 ");
        }
        for (String path : List.of("/", "/lanes/reviews/shop", "/dead-letters")) {
            assertThat(answerFor("<evil>", path)).as(path).startsWith("HTTP/1.1 4");
            assertThat(answerFor("example.org", path))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("text/html", "Content-Security-Policy", "add the name to HEADWATER_HTTP_HOSTS");
        }
    }

    /** Java's client does not let a host be chosen. */
    private static String answerFor(String host, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, host)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldLabelARequestOnce() throws Exception {
        ask("q/1");

        assertThat(post(SHOP + "/asks/q%2F1", "{\"label\": \"\"}").statusCode()).isEqualTo(422);
        assertThat(post(SHOP + "/asks/q%2F1", "{\"label\": \"good\"}").statusCode())
                .isEqualTo(202);
        Await.until(
                "no ask",
                () -> board.content().ask(installation.lane("shop"), "q/1").isEmpty());
        assertThat(post(SHOP + "/asks/q%2F1", "{\"label\": \"good\"}").statusCode())
                .isEqualTo(404);

        List<LateLabel> labels = installation.records(Topic.LABELS, "q/1").stream()
                .map(record -> installation.codec().decodeOrThrow(EventType.LATE_LABEL, record.value()))
                .toList();
        assertThat(labels).singleElement().satisfies(label -> {
            assertThat(label.id()).isEqualTo("q/1");
            assertThat(label.domain()).isEqualTo("shop");
            assertThat(label.label()).isEqualTo(new Label.ClassLabel("good"));
        });
    }

    @Test
    void shouldSendADeadLetterAgainOnce() throws Exception {
        JsonNode letters = get("/api/v1/dead-letters?lane=reviews/shop").get("deadLetters");
        JsonNode letter = letters.get(letters.size() - 1);
        String replay = "/api/v1/dead-letters/" + letter.get("id").asText() + "/replay";

        assertThat(post(replay, "{}").statusCode()).isEqualTo(400);
        assertThat(post(replay, "{\"by\": \"ana\"}").statusCode()).isEqualTo(200);
        HttpResponse<String> again = post(replay, "{\"by\": \"ana\"}");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
        assertThat(post("/api/v1/dead-letters/9-9/replay", "{\"by\": \"ana\"}").statusCode())
                .isEqualTo(404);

        // It is refused again, and its letter names the one it comes from.
        Await.until(
                "the second letter",
                () -> board.content().letters().stream()
                        .anyMatch(one -> letter.get("id").asText().equals(one.replayed())));
    }

    @Test
    void shouldTellReadersWhatHasChanged() throws Exception {
        HttpResponse<InputStream> events =
                client.send(request("/api/v1/events?lane=reviews/shop").GET().build(), BodyHandlers.ofInputStream());
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            assertThat(events.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(reader.readLine()).isEqualTo("event: lane");
            assertThat(reader.readLine()).startsWith("id: ");
            assertThat(MAPPER.readTree(reader.readLine().substring("data: ".length()))
                            .get("lane")
                            .asText())
                    .isEqualTo("reviews/shop");
            assertThat(reader.readLine()).isEmpty();

            // When
            ask("event-" + System.nanoTime());

            // Then
            assertThat(reader.readLine()).isEqualTo("event: lane");
            assertThat(reader.readLine()).startsWith("id: ");
            assertThat(MAPPER.readTree(reader.readLine().substring("data: ".length()))
                            .get("openAsks")
                            .asInt())
                    .isPositive();
        }
    }

    private static void ask(String id) {
        ask(id, new Payload.Text(HOSTILE));
    }

    private static void ask(String id, Payload payload) {
        VersionRef version =
                new VersionRef(installation.lane("shop"), 1, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
        Ask ask = new Ask(
                installation.lane("shop"),
                id,
                payload,
                version,
                new Label.ClassLabel("good"),
                0.5,
                "margin",
                0.5,
                Instant.now());
        installation.send(
                Topic.ASKS, "shop", "reviews/shop", installation.codec().encode(EventType.ASK, ask));
        installation.flush();
        Await.until(
                "the ask",
                () -> board.content().ask(installation.lane("shop"), id).isPresent());
    }

    private static String command(String action, int version) throws IOException {
        Map<String, Object> fields =
                new TreeMap<>(Map.of("action", action, "by", "ana " + HOSTILE, "reason", "because"));
        if (version > 0) {
            fields.put("version", version);
        }
        return MAPPER.writeValueAsString(fields);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .timeout(Duration.ofSeconds(40));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response = send(request(path));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return MAPPER.readTree(response.body());
    }

    private int status(String path) throws Exception {
        return send(request(path)).statusCode();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }
}
