package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topics;
import io.headwater.role.Role;
import io.headwater.role.RoleControl;
import io.headwater.role.RoleState;
import io.headwater.role.ThreadRole;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RolesTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(10)
    void shouldStopAtOnceWhileItsStartWaitsForBrokers() throws Exception {
        // Given
        Roles roles = new Roles(
                TestSettings.of(Map.of(
                        "headwater.bootstrap-servers", "127.0.0.1:1",
                        "headwater.store", folder.toString(),
                        "headwater.adaptation", folder.resolve("absent.yaml").toString())),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop());
        CountDownLatch starting = new CountDownLatch(1);
        Thread start = new Thread(() -> {
            starting.countDown();
            try {
                roles.start();
            } catch (Exception e) {
                // The brokers do not answer: that is the point.
            }
        });
        start.setDaemon(true);
        start.start();
        starting.await();
        while (start.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        // When
        roles.stop();

        // Then
        assertThat(roles.isReady()).isFalse();
        assertThat(roles.failures()).isEmpty();
    }

    @Test
    @Timeout(30)
    void shouldBeReadyWhileEveryRoleRunsAndNameTheOneThatFails() throws Exception {
        // Given
        Roles roles = new Roles(TestSettings.of(Map.of()), new SimpleMeterRegistry(), OpenTelemetry.noop());
        CountDownLatch prepared = new CountDownLatch(1);
        CountDownLatch full = new CountDownLatch(1);
        Role lasting = role("lasting", control -> {
            control.running();
            while (!control.isStopping()) {
                Thread.onSpinWait();
            }
        });
        Role failing = role("failing", control -> {
            prepared.await();
            control.running();
            full.await();
            throw new IllegalStateException("the disk is full");
        });

        // When
        roles.run(new RoleGroup("", List.of(lasting, failing)));

        // Then
        assertThat(roles.isReady()).isFalse();
        prepared.countDown();
        Await.until("both roles to run", roles::isReady);
        assertThat(roles.failures()).isEmpty();
        full.countDown();
        failing.awaitEnd();
        assertThat(roles.isReady()).isFalse();
        assertThat(roles.failures()).containsExactly("failing: java.lang.IllegalStateException: the disk is full");
        roles.stop();
        assertThat(lasting.state()).isEqualTo(RoleState.STOPPED);
    }

    @FunctionalInterface
    private interface RoleBody {
        void run(RoleControl control) throws InterruptedException;
    }

    @Test
    @Timeout(120)
    void shouldNotBeReadyWhileTheBrokersAreAway() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(folder.resolve("kafka"))) {
            // Given a role that has nothing to do, and does not notice
            Roles roles = new Roles(
                    TestSettings.of(Map.of("headwater.bootstrap-servers", broker.bootstrapServers())),
                    new SimpleMeterRegistry(),
                    OpenTelemetry.noop());
            roles.watch(new Clients(
                    KafkaSettings.of(broker.bootstrapServers()), new Topics("any.", 1, (short) 0, 0, 1 << 20)));
            Role idle = role("idle", control -> {
                control.running();
                while (!control.isStopping()) {
                    control.progressed();
                    Thread.onSpinWait();
                }
            });
            roles.run(new RoleGroup("", List.of(idle)));
            Await.until("readiness", roles::isReady);

            // When
            broker.stop();

            // Then
            Await.until("the brokers to be missed", () -> !roles.isReady());
            assertThat(roles.waits()).singleElement().asString().contains(broker.bootstrapServers(), "do not answer");
            assertThat(roles.failures()).isEmpty();
            broker.start();
            Await.until("readiness", roles::isReady);
            roles.stop();
        }
    }

    @Test
    @Timeout(60)
    void shouldNotBeAliveWhileARoleThatHasWorkCompletesNone() throws Exception {
        Roles roles = new Roles(
                TestSettings.of(Map.of("headwater.progress-timeout", "PT0.001S")),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop());
        CountDownLatch freed = new CountDownLatch(1);

        Role hanging = role("hanging", control -> {
            control.running();
            freed.await();
        });
        roles.run(new RoleGroup("reviews ", List.of(hanging)));

        Await.until("a failure", () -> !roles.failures().isEmpty());
        assertThat(roles.failures()).singleElement().asString().contains("reviews hanging: no progress");
        freed.countDown();
        roles.stop();
    }

    private static Role role(String name, RoleBody body) {
        return new ThreadRole(name, "group", "instance") {
            @Override
            protected void work(RoleControl control) throws InterruptedException {
                body.run(control);
            }
        };
    }
}
