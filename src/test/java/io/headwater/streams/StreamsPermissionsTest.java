package io.headwater.streams;

import static io.headwater.testing.Permission.documented;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.TopicException;
import io.headwater.ops.RoleTopics;
import io.headwater.role.RoleState;
import io.headwater.testing.Await;
import io.headwater.testing.Permission;
import io.headwater.testing.SecuredBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The role {@code streams} needs each of the permissions in docs/operations.md, and no others. */
@Timeout(300)
class StreamsPermissionsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int AT_A_TIME = 4;

    @TempDir
    private Path folder;

    private SecuredBroker broker;
    private LateTraffic traffic;
    private long later;

    @BeforeEach
    void start() {
        broker = SecuredBroker.startIn(folder.resolve("kafka"));
        traffic = LateTraffic.create(broker.bootstrapServers(), "late.");
        for (int i = 0; i < LateTraffic.PARTITIONS; i++) {
            String domain = traffic.topics().domain(i, 0);
            traffic.request(domain, "r" + i, Duration.ZERO);
            traffic.prediction(domain, "r" + i, "bad", Duration.ZERO);
            traffic.label(domain, "r" + i, "good", Duration.ofHours(1));
        }
        traffic.send(Topic.LABELS, "x", "x", new byte[] {7, 7}, Duration.ofHours(1));
        traffic.flush();
    }

    @AfterEach
    void stop() {
        traffic.close();
        broker.close();
    }

    @Test
    void shouldDocumentExactlyThePermissionsOfTheRole() throws Exception {
        List<Permission> all = documented("streams");
        assertThat(all).hasSizeGreaterThan(12);
        assertThat(attempt(user(all), this::isJoined)).isNull();
        Map<Permission, Future<String>> without = new LinkedHashMap<>();

        ExecutorService attempts = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            for (Permission one : all) {
                List<Permission> others = new ArrayList<>(all);
                others.remove(one);
                if (one.operation() != AclOperation.DESCRIBE) {
                    // It is the operation itself that is needed, not what it includes.
                    others.add(one.to(AclOperation.DESCRIBE));
                }
                // Without DELETE, nothing fails; what was moved is only never deleted.
                if (one.operation() != AclOperation.DELETE) {
                    String user = user(others);
                    without.put(one, attempts.submit(() -> String.valueOf(attempt(user, () -> false))));
                }
            }
            for (Map.Entry<Permission, Future<String>> one : without.entrySet()) {
                assertThat(one.getValue().get()).as("without %s", one.getKey()).containsIgnoringCase("authoriz");
            }
        } finally {
            attempts.shutdownNow();
        }
    }

    private String user(List<Permission> permissions) throws Exception {
        return broker.user(permissions, traffic.topics().topics());
    }

    /** Does the work of the role; returns why a user cannot, or null when it is done. */
    private @Nullable String attempt(String user, BooleanSupplier done) throws InterruptedException {
        @Nullable String refused = refusalOfTopics(clients(user));
        if (refused != null) {
            return refused;
        }
        AtomicReference<@Nullable String> reason = new AtomicReference<>();
        Streams role = role(user, new StreamsListener() {
            @Override
            public void recovering(Exception cause) {
                reason.compareAndSet(null, causes(cause));
            }
        });
        role.start();
        try {
            Await.until(
                    "the work or a refusal of " + user,
                    PATIENCE,
                    () -> reason.get() != null
                            || waitsForPermission(role)
                            || done.getAsBoolean() && role.state() == RoleState.RUNNING);
            @Nullable String told = reason.get();
            return told == null ? role.waitsFor().orElse(null) : told;
        } finally {
            role.stop();
            role.awaitEnd();
        }
    }

    private boolean isJoined() {
        boolean joined = traffic.samples().size() == LateTraffic.PARTITIONS
                && traffic.letters().size() == 1;
        if (joined && traffic.evaluations().isEmpty()) {
            // Time passes with records only; it ends the period of the first requests.
            later += 2;
            traffic.request(traffic.topics().domain(0, 0), "later" + later, Duration.ofHours(later));
            traffic.flush();
        }
        return joined && !traffic.evaluations().isEmpty();
    }

    private static boolean waitsForPermission(Streams role) {
        return role.waitsFor()
                .filter(what -> what.toLowerCase(Locale.ROOT).contains("authoriz"))
                .isPresent();
    }

    private Streams role(String user, StreamsListener listener) {
        return new Streams(LateTraffic.setup(traffic.topics(), clients(user), user, folder.resolve(user), listener));
    }

    private Clients clients(String user) {
        return broker.clients(user, traffic.topics().topics());
    }

    private @Nullable String refusalOfTopics(Clients clients) {
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, traffic.topics().topics())
                    .ensure(RoleTopics.of(Set.of(ProcessRole.STREAMS), false, false, false));
            return null;
        } catch (TopicException | AuthorizationException e) {
            return "not authorized: " + e.getMessage();
        }
    }

    private static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(cause).append("; ");
        }
        return text.toString();
    }
}
