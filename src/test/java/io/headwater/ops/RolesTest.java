package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
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
                new SimpleMeterRegistry());
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
}
