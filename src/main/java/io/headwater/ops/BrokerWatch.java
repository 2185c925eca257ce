package io.headwater.ops;

import io.headwater.kafka.Clients;
import io.headwater.kafka.TopicAdmin;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers every few seconds whether they are there. A role that has nothing to do does not notice that they are away: a
 * consumer without brokers is one without records.
 */
final class BrokerWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Clients clients;
    private final String brokers;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable String fault;
    private volatile long answered = System.nanoTime();

    /**
     * Starts to ask.
     *
     * @param brokers the address of the brokers, for messages
     */
    BrokerWatch(Clients clients, String brokers) {
        this.clients = clients;
        this.brokers = brokers;
        Thread thread = new Thread(this::watch, "headwater-broker-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns why the brokers cannot be worked with now; empty when they answered last time. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Returns how long ago the brokers answered. */
    Duration sinceAnswer() {
        return Duration.ofNanos(System.nanoTime() - answered);
    }

    private void watch() {
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs(Math.toIntExact(PATIENCE.toMillis()));
        try (Admin admin = clients.admin()) {
            while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    TopicAdmin.await(admin.describeCluster(options).nodes());
                    fault = null;
                    answered = System.nanoTime();
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    fault = "the brokers at %s, which do not answer: %s".formatted(brokers, e.getMessage());
                }
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
