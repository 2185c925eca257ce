package io.headwater.api;

import static io.headwater.testing.Permission.documented;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.api.http.Problem;
import io.headwater.board.Board;
import io.headwater.board.DeadLetter;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.config.TaskKind;
import io.headwater.domain.Ask;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.TopicException;
import io.headwater.manage.Changes;
import io.headwater.manage.RequestedChange;
import io.headwater.online.Call;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.CallResult.TurnedAway;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSettings;
import io.headwater.ops.RoleTopics;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.role.Role;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.Installation;
import io.headwater.testing.Permission;
import io.headwater.testing.SecuredBroker;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The permissions of the roles {@code api} and {@code page} in docs/operations.md are those that suffice, and each of them is needed. Each
 * attempt is made by a user of its own, whose permissions no other attempt changes.
 */
@Timeout(300)
class HttpRolesPermissionsTest {
    private static final String DOMAIN = "shop";
    private static final AdaptationConfig CONFIG = AdaptationConfig.of("mine", TaskKind.TEXT_CLASSIFICATION, "minilm");
    private static final int AT_A_TIME = 4;
    /** Each attempt labels a request of its own, and sends records of its own again. */
    private static final int ATTEMPTS = 30;

    private static final Permission TRANSACTIONS =
            new Permission(Permission.Kind.TRANSACTIONAL_IDS, "PREFIXGROUP-ROLE-ADAPTATION-", AclOperation.WRITE);

    private static SecuredBroker broker;
    private static Installation installation;
    private static Trainer trainer;
    private static List<DeadLetter> letters = List.of();

    private final AtomicInteger attempts = new AtomicInteger();

    private interface Attempt {
        /** Works as {@code user}; returns why it cannot, or null when it can. */
        @Nullable
        String run(String user) throws Exception;
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        broker = SecuredBroker.startIn(folder.resolve("kafka"));
        installation = Installation.of(
                        CONFIG,
                        broker.bootstrapServers(),
                        "acl.",
                        new FileArtifactStore(folder.resolve("store"), 1 << 20))
                .partitions(1)
                .open()
                .createTopics();
        for (int i = 0; i < 20; i++) {
            installation.sample(DOMAIN, "the room was " + (i % 2 == 0 ? "fine" : "cold"), i % 2 == 0 ? "good" : "bad");
        }
        byte[] broken = {1, 2, 3};
        for (int i = 0; i < ATTEMPTS; i++) {
            installation.send(DOMAIN, broken, false);
            installation.send(Topic.REQUESTS, DOMAIN, DOMAIN, broken);
            installation.send(
                    Topic.ASKS,
                    DOMAIN,
                    installation.lane(DOMAIN).key(),
                    installation.codec().encode(EventType.ASK, ask("asked-" + i)));
        }
        installation.train();
        letters = letters();
        trainer = installation.trainer("commanded", TrainerListener.NONE);
        trainer.start();
    }

    private static Ask ask(String id) {
        Digest any = Digest.of(new byte[] {1});
        VersionRef version = new VersionRef(installation.lane(DOMAIN), 1, any, any);
        Payload text = new Payload.Text("the room");
        return new Ask(
                installation.lane(DOMAIN),
                id,
                text,
                version,
                new Label.ClassLabel("good"),
                0.5,
                "margin",
                0.5,
                Instant.now());
    }

    /** Lets the broken requests become dead letters, too, and returns all. */
    private static List<DeadLetter> letters() throws Exception {
        Predictor predictor = installation.predictor(PredictorListener.NONE);
        Board board = new Board(installation.clients(), installation.codec(), "all");
        predictor.start();
        board.start();
        try {
            Await.until("the letters", () -> board.content().letters().size() == 2 * ATTEMPTS);
            return List.copyOf(board.content().letters());
        } finally {
            end(predictor);
            end(board);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        end(trainer);
        installation.close();
        broker.close();
    }

    private static void end(Role role) throws InterruptedException {
        role.stop();
        role.awaitEnd();
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfTheApi() throws Exception {
        assertThat(Files.readString(Path.of("docs/operations.md")))
                .containsIgnoringWhitespaces(
                        "With `HEADWATER_API_LOG_REQUESTS`, the role `api` also needs WRITE on `requests`, on"
                                + " `predictions`, and on transactional ids that begin with `PREFIXGROUP-ROLE-ADAPTATION-`");
        List<Permission> all = new ArrayList<>(documented("api"));
        assertThat(answer(user(all), false)).isNull();
        for (Topic topic : List.of(Topic.REQUESTS, Topic.PREDICTIONS)) {
            all.add(new Permission(Permission.Kind.TOPIC, topic.suffix(), AclOperation.WRITE));
        }
        all.add(TRANSACTIONS);

        shouldNeed(all, user -> answer(user, true));
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfThePage() throws Exception {
        shouldNeed(documented("page"), this::decide);
    }

    /** Works with {@code all} permissions, and with none of them taken away. */
    private void shouldNeed(List<Permission> all, Attempt attempt) throws Exception {
        assertThat(all).hasSizeGreaterThan(4);
        assertThat(attempt.run(user(all))).isNull();
        Map<Permission, Future<@Nullable String>> without = new LinkedHashMap<>();
        ExecutorService side = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            for (Permission one : all) {
                List<Permission> others = new ArrayList<>(all);
                others.remove(one);
                if (one.operation() != AclOperation.DESCRIBE) {
                    // It is the operation itself that is needed, not what it includes.
                    others.add(one.to(AclOperation.DESCRIBE));
                }
                String user = user(others);
                without.put(one, side.submit(() -> attempt.run(user)));
            }
            for (Map.Entry<Permission, Future<@Nullable String>> one : without.entrySet()) {
                assertThat(one.getValue().get())
                        .as("without %s", one.getKey())
                        .isNotNull()
                        .containsIgnoringCase("authoriz");
            }
        } finally {
            side.shutdownNow();
        }
    }

    /** Returns a user who has these permissions and no others. */
    private static String user(List<Permission> permissions) throws Exception {
        return broker.user(permissions, installation.topics());
    }

    private static Clients clients(String user) {
        return broker.clients(user, installation.topics());
    }

    /** Verifies the topics, answers with the version that serves, searches for another one, and sends a label. */
    private @Nullable String answer(String user, boolean isLogged) throws Exception {
        @Nullable
        String refused = refusalOfTopics(user, RoleTopics.of(Set.of(ProcessRole.API), false, false, isLogged));
        if (refused != null) {
            return refused;
        }
        OnlinePredictor role = installation.onlineOf(user, clients(user), new OnlineSettings(64, isLogged, List.of()));
        role.start();
        try {
            refused = refusalOf(role);
            if (refused != null) {
                return refused;
            }
            List<TurnedAway> away = new ArrayList<>();
            away.addAll(turnedAway(role, "of-" + user, null));
            away.addAll(turnedAway(role, "other-of-" + user, 999L));
            LateLabel label = new LateLabel("of-" + user, DOMAIN, new Label.ClassLabel("good"), Instant.EPOCH);
            role.label(label).get(60, TimeUnit.SECONDS).ifPresent(away::add);
            away.removeIf(one -> one.cause() == Cause.UNKNOWN_VERSION);
            return away.isEmpty() ? null : unexplained(away);
        } finally {
            end(role);
        }
    }

    private static List<TurnedAway> turnedAway(OnlinePredictor role, String id, @Nullable Long version)
            throws Exception {
        Request request = new Request(id, new Payload.Text("the room"), Instant.EPOCH, CONFIG.name());
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Call call = Call.of(DOMAIN, version, List.of(request), deadline);
        role.ask(call);
        return call.result().get(60, TimeUnit.SECONDS) instanceof TurnedAway away ? List.of(away) : List.of();
    }

    /** Verifies the topics, shows all lanes, and carries out what people can decide. */
    private @Nullable String decide(String user) throws Exception {
        @Nullable String refused = refusalOfTopics(user, RoleTopics.of(Set.of(ProcessRole.PAGE), false, false, false));
        if (refused != null) {
            return refused;
        }
        Board board = new Board(clients(user), installation.codec(), user);
        board.start();
        try {
            refused = refusalOf(board);
            if (refused != null) {
                return refused;
            }
            int attempt = attempts.getAndIncrement();
            Changes changes = new Changes(board);
            changes.carryOut(change(Action.PIN, servingOn(board), ""));
            if (attempt == 0) {
                changes.carryOut(change(Action.FORGET, null, "id"));
            }
            changes.label(installation.lane(DOMAIN), "asked-" + attempt, "good");
            for (Topic topic : List.of(Topic.SAMPLES, Topic.REQUESTS)) {
                List<DeadLetter> own = letters.stream()
                        .filter(letter ->
                                letter.topic().equals(installation.topics().name(topic)))
                        .toList();
                changes.replay(own.get(attempt).id(), user);
            }
            return null;
        } catch (Problem.Raised e) {
            assertThat(e.problem().status()).as(e.problem().detail()).isEqualTo(503);
            return unexplained(e.problem());
        } finally {
            end(board);
        }
    }

    /** @param expected the number of the version that serves; null if it is not to be compared */
    private static RequestedChange change(Action action, @Nullable Long expected, String sample) {
        return new RequestedChange(installation.lane(DOMAIN), action, null, expected, sample, "ana", "because");
    }

    private static long servingOn(Board board) {
        VersionRef serving = board.content()
                .story(installation.lane(DOMAIN))
                .orElseThrow()
                .lane()
                .serving();
        return requireNonNull(serving).number();
    }

    /** Callers are not told why something is away; that others are answered shows that it is for want of a permission. */
    private static String unexplained(Object fault) {
        return "not authorized: " + fault;
    }

    /** Why a role cannot work; null when it runs. */
    private static @Nullable String refusalOf(Role role) {
        Await.until(
                "an end or a reason",
                () -> role.state() == RoleState.RUNNING || !said(role).isEmpty());
        String said = said(role);
        return said.isEmpty() ? null : said;
    }

    private static String said(Role role) {
        String said = role.state() == RoleState.FAILED
                ? String.valueOf(role.failure())
                : role.waitsFor().orElse("");
        return said.toLowerCase(Locale.ROOT).contains("authoriz") || role.state() == RoleState.FAILED ? said : "";
    }

    private static @Nullable String refusalOfTopics(String user, Set<Topic> used) {
        try (Admin admin = clients(user).admin()) {
            new TopicAdmin(admin, installation.topics()).ensure(used);
            return null;
        } catch (TopicException | AuthorizationException e) {
            return unexplained(e);
        }
    }
}
