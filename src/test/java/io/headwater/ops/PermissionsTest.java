package io.headwater.ops;

import static io.headwater.testing.Permission.documented;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.config.TaskKind;
import io.headwater.config.ask.AsksConfig;
import io.headwater.domain.Rejection;
import io.headwater.featurizer.FeaturizerListener;
import io.headwater.featurizer.FeaturizerRole;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.TopicException;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The permissions in docs/operations.md are those that suffice, and each of them is needed. Each attempt is made by a user of its own,
 * whose permissions no other attempt changes.
 */
@Timeout(300)
class PermissionsTest {
    private static final String DOMAIN = "shop";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AdaptationConfig CONFIG = AdaptationConfig.of("mine", TaskKind.TEXT_CLASSIFICATION, "minilm");
    /** Everybody is asked. */
    private static final AsksConfig ASKS = new AsksConfig(AsksConfig.Strategy.RANDOM, 1, 1000, 1);

    @TempDir
    private Path folder;

    private SecuredBroker broker;
    private FileArtifactStore store;
    private Installation installation;

    @BeforeEach
    void start() {
        broker = SecuredBroker.startIn(folder.resolve("kafka"));
        store = new FileArtifactStore(folder.resolve("store"), 1 << 20);
        installation = installation(CONFIG).createTopics();
        for (int i = 0; i < 20; i++) {
            installation.sample(DOMAIN, "the room was " + (i % 2 == 0 ? "fine" : "cold"), i % 2 == 0 ? "good" : "bad");
        }
        // The lane exists, so that an attempt has something to restore, and a version to answer with.
        installation.train();
    }

    private Installation installation(AdaptationConfig config) {
        return Installation.of(config, broker.bootstrapServers(), "acl", store)
                .partitions(1)
                .open();
    }

    @AfterEach
    void stop() {
        installation.close();
        broker.close();
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfATrainer() throws Exception {
        shouldNeed(documented("trainer"), documented("trainer"), this::train);
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfAPredictor() throws Exception {
        shouldNeed(documented("predictor"), documented("predictor"), user -> predict(user, installation));
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfAPredictorThatAsksForLabels() throws Exception {
        assertThat(Files.readString(Path.of("docs/operations.md")))
                .containsIgnoringWhitespaces("also needs WRITE on `asks` and, with `asks.per-day`, READ");
        Permission asks = new Permission(Permission.Kind.TOPIC, Topic.ASKS.suffix(), AclOperation.DESCRIBE);
        List<Permission> more = List.of(asks.to(AclOperation.WRITE), asks.to(AclOperation.READ));
        List<Permission> all = new ArrayList<>(documented("predictor"));
        all.addAll(more);

        try (Installation asking = installation(CONFIG.withAsks(ASKS))) {
            shouldNeed(all, more, user -> predict(user, asking));
        }
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfAFeaturizer() throws Exception {
        shouldNeed(documented("featurizer"), documented("featurizer"), this::featurize);
    }

    @Test
    void shouldCreateAllTopicsAlsoThoseThatItMayNotSee() throws Exception {
        try (Installation fresh = Installation.of(CONFIG, broker.bootstrapServers(), "fresh", store)
                .partitions(1)
                .open()) {
            List<Permission> all = new ArrayList<>(documented("trainer"));
            for (Topic topic : Topic.values()) {
                all.add(new Permission(Permission.Kind.TOPIC, topic.suffix(), AclOperation.CREATE));
            }
            String user = broker.user(all, fresh.topics());

            try (Admin admin = broker.clients(user, fresh.topics()).admin()) {
                assertThat(new TopicAdmin(admin, fresh.topics())
                                .ensure(RoleTopics.of(Set.of(ProcessRole.TRAINER), false, false, false)))
                        .hasSize(Topic.values().length);
            }
        }
    }

    @Test
    void shouldStartWithoutThePermissionToReadConfigurationsAndSayThatTheyAreNotVerified() throws Exception {
        List<Permission> documented = documented("trainer");
        String user = user(documented);

        try (Admin admin = clients(user).admin()) {
            TopicAdmin topics = new TopicAdmin(admin, installation.topics());
            assertThat(topics.ensure(RoleTopics.of(Set.of(ProcessRole.TRAINER), false, false, false)))
                    .isEmpty();
            assertThat(topics.warnings()).singleElement().asString().contains("DESCRIBE_CONFIGS", "grant");
        }

        List<Permission> more = new ArrayList<>(documented);
        for (Topic topic : Topic.values()) {
            more.add(new Permission(Permission.Kind.TOPIC, topic.suffix(), AclOperation.DESCRIBE_CONFIGS));
        }
        try (Admin admin = clients(user(more)).admin()) {
            assertThat(new TopicAdmin(admin, installation.topics()).warnings()).isEmpty();
        }
    }

    private interface Attempt {
        /** Works as {@code user}; returns why it cannot, or null when it can. */
        @Nullable
        String run(String user) throws Exception;
    }

    /** Works with {@code all} permissions, and with none of {@code needed} taken away. */
    private void shouldNeed(List<Permission> all, List<Permission> needed, Attempt attempt) throws Exception {
        assertThat(all).hasSizeGreaterThan(4);
        String complete = user(all);
        Map<Permission, String> without = new LinkedHashMap<>();
        for (Permission one : needed) {
            List<Permission> others = new ArrayList<>(all);
            others.remove(one);
            if (one.operation() != AclOperation.DESCRIBE) {
                // It is the operation itself that is needed, not what it includes.
                others.add(one.to(AclOperation.DESCRIBE));
            }
            without.put(one, user(others));
        }

        assertThat(attempt.run(complete)).isNull();
        for (Map.Entry<Permission, String> one : without.entrySet()) {
            assertThat(attempt.run(one.getValue()))
                    .as("without %s", one.getKey())
                    .isNotNull()
                    .containsIgnoringCase("authoriz");
        }
    }

    /** Returns a user who has these permissions and no others. */
    private String user(List<Permission> permissions) throws Exception {
        return broker.user(permissions, installation.topics());
    }

    private Clients clients(String user) {
        return broker.clients(user, installation.topics());
    }

    /** Verifies the topics, learns, makes a dead letter, and sweeps the store, as a service with the role trainer does. */
    private @Nullable String train(String user) throws Exception {
        @Nullable String refused = ensure(user, ProcessRole.TRAINER);
        if (refused != null) {
            return refused;
        }
        installation.sample(DOMAIN, "learned by " + user, "good");
        installation.send(DOMAIN, new byte[] {1, 2, 3}, false);
        installation.flush();
        AtomicReference<@Nullable Trainer> running = new AtomicReference<>();
        AtomicReference<@Nullable String> reason = new AtomicReference<>();
        Trainer trainer = installation.trainerOf(user, clients(user), new TrainerListener() {
            @Override
            public void recovering(Exception cause) {
                reason.compareAndSet(null, causes(cause));
                requireNonNull(running.get()).stop();
            }
        });
        running.set(trainer);
        // It waits for a topic that it may not read as for one that is away.
        Thread thread = new Thread(trainer::runToEnd, "trainer of " + user);
        thread.start();
        Await.until("the end or a reason", PATIENCE, () -> !thread.isAlive() || reason(trainer) != null);
        @Nullable String waiting = reason(trainer);
        trainer.stop();
        thread.join();
        if (reason.get() != null || waiting != null || trainer.state() != RoleState.STOPPED) {
            return reason.get() + "; " + waiting + "; " + causes(trainer.failure());
        }
        try {
            new OrphanSweep(
                            clients(user),
                            new LaneEvents(installation.codec()),
                            installation.store(),
                            Retention.ALL,
                            Duration.ofHours(24),
                            InstantSource.system())
                    .run();
            return null;
        } catch (AuthorizationException e) {
            return e.toString();
        }
    }

    /** Verifies the topics, answers, and makes a dead letter. */
    private @Nullable String predict(String user, Installation answering) throws Exception {
        @Nullable String refused = ensure(user, ProcessRole.PREDICTOR);
        if (refused != null) {
            return refused;
        }
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger rejected = new AtomicInteger();
        Predictor predictor = answering.predictorOf(user, clients(user), new PredictorListener() {
            @Override
            public void answered(int predictions) {
                answered.addAndGet(predictions);
            }

            @Override
            public void rejected(Rejection rejection) {
                rejected.incrementAndGet();
            }
        });
        installation.request(DOMAIN, "of-" + user, "the room");
        installation.request("nobody", "none-of-" + user, "the room");
        installation.flush();
        predictor.start();
        try {
            Await.until(
                    "an answer or a reason",
                    () -> answered.get() > 0 && rejected.get() > 0 && predictor.state() == RoleState.RUNNING
                            || reason(predictor) != null);
            return reason(predictor);
        } finally {
            predictor.stop();
            predictor.awaitEnd();
        }
    }

    /** Verifies the topics, and computes the features of samples and of a request. */
    private @Nullable String featurize(String user) throws Exception {
        @Nullable String refused = ensure(user, ProcessRole.FEATURIZER);
        if (refused != null) {
            return refused;
        }
        installation.request(DOMAIN, "for-" + user, "the room");
        installation.flush();
        // The samples that were learned at first, and the requests of this attempt and of those before it.
        int all = installation.sent().size() + 1;
        AtomicInteger done = new AtomicInteger();
        AtomicReference<@Nullable String> fault = new AtomicReference<>();
        FeaturizerRole featurizer = installation.featurizerOf(user, clients(user), new FeaturizerListener() {
            @Override
            public void featurized(int records, int payloads) {
                done.addAndGet(records);
            }

            @Override
            public void recovering(Exception cause) {
                fault.compareAndSet(null, causes(cause));
            }
        });
        featurizer.start();
        try {
            Await.until(
                    "the features or a reason",
                    PATIENCE,
                    () -> done.get() >= all || fault.get() != null || reason(featurizer) != null);
            @Nullable String told = fault.get();
            return told == null ? reason(featurizer) : told;
        } finally {
            featurizer.stop();
            featurizer.awaitEnd();
        }
    }

    /** Why a role cannot work; null when it starts or runs. */
    private static @Nullable String reason(Role role) {
        return role.state() == RoleState.FAILED
                ? causes(role.failure())
                : role.waitsFor()
                        .filter(what -> what.toLowerCase(Locale.ROOT).contains("authoriz"))
                        .orElse(null);
    }

    private @Nullable String ensure(String user, ProcessRole role) {
        try (Admin admin = clients(user).admin()) {
            new TopicAdmin(admin, installation.topics()).ensure(RoleTopics.of(Set.of(role), false, false, false));
            return null;
        } catch (TopicException | AuthorizationException e) {
            return e instanceof TopicException ? "not authorized: " + e.getMessage() : e.toString();
        }
    }

    private static String causes(@Nullable Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(cause).append("; ");
        }
        return text.toString();
    }
}
