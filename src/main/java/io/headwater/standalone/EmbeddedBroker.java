package io.headwater.standalone;

import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A real single-node KRaft broker inside this process: it is both broker and controller, listens on 127.0.0.1 only,
 * and keeps its data in a directory of its own. A directory that was used before keeps its topics, even if the ports
 * change. Meant for the demo, for trying an adaptation on one's own data, and for tests; nothing is replicated.
 *
 * <p>Safe for use by several threads.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EmbeddedBroker.class);

    private final Path directory;
    private final Ports ports;
    private final Map<String, String> settings;
    private @Nullable BrokerStorage storage;
    private @Nullable KafkaRaftServer server;

    /**
     * Creates a broker without starting it.
     *
     * @param directory data directory, created if absent; it must not hold anything else
     * @param ports ports to listen on; with unchanged ports clients find a restarted broker
     * @param overrides further server properties under Kafka's own names, which override the defaults for a small node
     */
    public EmbeddedBroker(Path directory, Ports ports, Map<String, String> overrides) {
        this.directory = directory.toAbsolutePath().normalize();
        this.ports = ports;
        this.settings = BrokerSettings.of(this.directory, ports, overrides);
    }

    /** Starts a broker on two free ports. */
    public static EmbeddedBroker startIn(Path directory) {
        EmbeddedBroker broker = new EmbeddedBroker(directory, Ports.free(), Map.of());
        broker.start();
        return broker;
    }

    /**
     * Starts the broker and returns once it responds; does nothing if it is running. It can be started again after
     * {@link #stop()}.
     *
     * @throws IllegalStateException if the directory is not usable or a port is taken
     */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        ports.requireFree();
        QuietLogs.install();
        long began = System.nanoTime();
        BrokerStorage opened = BrokerStorage.open(directory, settings);
        KafkaRaftServer starting = null;
        try {
            starting = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
            starting.startup();
        } catch (RuntimeException e) {
            if (starting != null) {
                starting.shutdown();
            }
            opened.close();
            throw new IllegalStateException(
                    "embedded broker: cannot start in " + directory + " on " + ports + " (" + rootMessage(e)
                            + "); if the directory is broken, choose another",
                    e);
        }
        storage = opened;
        server = starting;
        LOG.debugf(
                "broker-started bootstrap=%s directory=%s millis=%d",
                bootstrapServers(), directory, (System.nanoTime() - began) / 1_000_000);
    }

    /** Stops the broker and returns once its files are closed; does nothing if it is not running. */
    public synchronized void stop() {
        KafkaRaftServer stopping = server;
        if (stopping == null) {
            return;
        }
        server = null;
        stopping.shutdown();
        stopping.awaitShutdown();
        if (storage != null) {
            storage.close();
        }
    }

    /** Returns the value for {@code bootstrap.servers}, {@code 127.0.0.1:port}; it is known before the start. */
    public String bootstrapServers() {
        return BrokerSettings.HOST + ":" + ports.client();
    }

    /** Returns whether the broker was started and not stopped since. */
    public synchronized boolean isRunning() {
        return server != null;
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Runs a broker in this process until the process is terminated. Prints {@code READY host:port} once it responds.
     *
     * @param args directory, client port, controller port, then further server properties as {@code name=value}
     */
    public static void main(String[] args) {
        BrokerMain.run(args);
    }

    void awaitStop() {
        KafkaRaftServer running;
        synchronized (this) {
            running = server;
        }
        if (running != null) {
            running.awaitShutdown();
        }
    }

    private static @Nullable String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root.getMessage();
    }
}
