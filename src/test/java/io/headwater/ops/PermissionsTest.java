package io.headwater.ops;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Rejection;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.TopicException;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.role.Role;
import io.headwater.role.RoleState;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.standalone.Ports;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.Installation;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The permissions in docs/operations.md are those that suffice, and a predictor needs each of them. A broker with authorisation runs in
 * this process; each attempt is made by a user of its own, whose permissions no other attempt changes.
 */
@Timeout(300)
class PermissionsTest {
    private static final int USERS = 40;
    private static final String DOMAIN = "shop";
    private static final AdaptationConfig CONFIG = AdaptationConfig.of("mine", TaskKind.TEXT_CLASSIFICATION, "minilm");

    @TempDir
    private Path folder;

    private final AtomicInteger users = new AtomicInteger();
    private EmbeddedBroker broker;
    private Installation installation;
    private String secured;

    /** A row of the table: an operation on a resource. */
    private record Permission(ResourceType type, String name, AclOperation operation) {
        AclBinding of(String user, Installation installation) {
            String full = type == ResourceType.TOPIC ? installation.topics().prefix() + name : user;
            // The group and the transactional id of an attempt begin with the name of its user.
            PatternType pattern = type == ResourceType.TOPIC ? PatternType.LITERAL : PatternType.PREFIXED;
            return new AclBinding(
                    new ResourcePattern(type, full, pattern),
                    new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
        }
    }

    @BeforeEach
    void start() {
        Ports ports = Ports.free();
        int port = Ports.free().client();
        secured = "127.0.0.1:" + port;
        String plain = "127.0.0.1:" + ports.client();
        String login = IntStream.range(0, USERS)
                .mapToObj(i -> "user_u" + i + "=\"secret\"")
                .collect(Collectors.joining(" "));
        broker = new EmbeddedBroker(
                folder.resolve("kafka"),
                ports,
                Map.of(
                        "listeners",
                        "PLAINTEXT://" + plain + ",CONTROLLER://127.0.0.1:" + ports.controller() + ",SASL_PLAINTEXT://"
                                + secured,
                        "advertised.listeners",
                        "PLAINTEXT://" + plain + ",SASL_PLAINTEXT://" + secured,
                        "listener.security.protocol.map",
                        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required " + login + ";",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:ANONYMOUS"));
        broker.start();
        installation = Installation.of(
                        CONFIG,
                        broker.bootstrapServers(),
                        "acl",
                        new FileArtifactStore(folder.resolve("store"), 1 << 20))
                .partitions(1)
                .open()
                .createTopics();
        for (int i = 0; i < 20; i++) {
            installation.sample(DOMAIN, "the room was " + (i % 2 == 0 ? "fine" : "cold"), i % 2 == 0 ? "good" : "bad");
        }
        // The lane exists, so that an attempt has something to restore, and a version to answer with.
        installation.train();
    }

    @AfterEach
    void stop() {
        installation.close();
        broker.close();
    }

    @Test
    void shouldDocumentThePermissionsThatATrainerNeeds() throws Exception {
        assertThat(train(user(documented(2)))).isNull();
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfAPredictor() throws Exception {
        shouldDocumentExactly(3, this::predict);
    }

    @Test
    void shouldStartWithoutThePermissionToReadConfigurationsAndSayThatTheyAreNotVerified() throws Exception {
        List<Permission> documented = documented(2);
        String user = user(documented);

        try (Admin admin = clients(user).admin()) {
            TopicAdmin topics = new TopicAdmin(admin, installation.topics());
            assertThat(topics.ensure()).isEmpty();
            assertThat(topics.warnings()).singleElement().asString().contains("DESCRIBE_CONFIGS", "grant");
        }

        List<Permission> more = new ArrayList<>(documented);
        for (Topic topic : Topic.values()) {
            more.add(new Permission(ResourceType.TOPIC, topic.suffix(), AclOperation.DESCRIBE_CONFIGS));
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

    private void shouldDocumentExactly(int column, Attempt attempt) throws Exception {
        List<Permission> all = documented(column);
        assertThat(all).hasSizeGreaterThan(8);
        String complete = user(all);
        Map<Permission, String> without = new LinkedHashMap<>();
        for (Permission one : all) {
            List<Permission> others = new ArrayList<>(all);
            others.remove(one);
            if (one.operation() != AclOperation.DESCRIBE) {
                // It is the operation itself that is needed, not what it includes.
                others.add(new Permission(one.type(), one.name(), AclOperation.DESCRIBE));
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

    /** Returns the permissions in a column of the table. */
    private static List<Permission> documented(int column) throws IOException {
        List<Permission> permissions = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("docs/operations.md"))) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).skip(1).toList();
            Optional<ResourceType> type = cells.size() < 4 || !cells.get(2).matches("[A-Z_]+(, [A-Z_]+)*")
                    ? Optional.empty()
                    : type(cells.get(0));
            if (type.isPresent()) {
                for (String operation : cells.get(column).split(", ")) {
                    permissions.add(new Permission(
                            type.get(), cells.get(1).replace("`", ""), AclOperation.fromString(operation)));
                }
            }
        }
        return permissions;
    }

    private static Optional<ResourceType> type(String cell) {
        return switch (cell) {
            case "topic" -> Optional.of(ResourceType.TOPIC);
            case "group" -> Optional.of(ResourceType.GROUP);
            case "transactional id" -> Optional.of(ResourceType.TRANSACTIONAL_ID);
            default -> Optional.empty();
        };
    }

    /** Returns a user who has these permissions and no others. */
    private String user(List<Permission> permissions) throws Exception {
        String user = "u" + users.getAndIncrement();
        try (Admin admin = installation.clients().admin()) {
            List<AclBinding> bindings =
                    permissions.stream().map(one -> one.of(user, installation)).toList();
            int before = admin.describeAcls(AclBindingFilter.ANY).values().get().size();
            admin.createAcls(bindings).all().get();
            // The authoriser answers this question itself, so it knows them from now on.
            while (admin.describeAcls(AclBindingFilter.ANY).values().get().size() < before + bindings.size()) {
                Thread.onSpinWait();
            }
        }
        return user;
    }

    private Clients clients(String user) {
        return new Clients(
                new KafkaSettings(
                        secured,
                        Map.of(
                                "security.protocol",
                                "SASL_PLAINTEXT",
                                "sasl.mechanism",
                                "PLAIN",
                                "sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                                        + "\" password=\"secret\";")),
                installation.topics());
    }

    /** Verifies the topics, learns, makes a dead letter, and sweeps the store, as a service with the role trainer does. */
    private @Nullable String train(String user) throws Exception {
        @Nullable String refused = ensure(user);
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
        trainer.runToEnd();
        if (trainer.state() != RoleState.STOPPED) {
            return causes(trainer.failure());
        }
        if (reason.get() != null) {
            return reason.get();
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
    private @Nullable String predict(String user) throws Exception {
        @Nullable String refused = ensure(user);
        if (refused != null) {
            return refused;
        }
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger rejected = new AtomicInteger();
        Predictor predictor = installation.predictorOf(user, clients(user), new PredictorListener() {
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

    /** Why a role cannot work; null when it starts or runs. */
    private static @Nullable String reason(Role role) {
        return role.state() == RoleState.FAILED
                ? causes(role.failure())
                : role.waitsFor()
                        .filter(what -> what.toLowerCase(Locale.ROOT).contains("authoriz"))
                        .orElse(null);
    }

    private @Nullable String ensure(String user) {
        try (Admin admin = clients(user).admin()) {
            new TopicAdmin(admin, installation.topics()).ensure();
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
