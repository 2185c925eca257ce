package io.headwater.bench.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the packaged application with one role. */
final class Service {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Node node;
    private final int port;

    private Service(Node node, int port) {
        this.node = node;
        this.port = port;
    }

    /**
     * Creates a service that does not run yet.
     *
     * @param role {@code trainer} or {@code predictor}
     * @param instance its name in its group
     * @param settings environment variables that all services share
     * @param logs folder of its log
     */
    static Service of(String role, String instance, int port, Map<String, String> settings, Path logs) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("HEADWATER_ROLES", role);
        environment.put("HEADWATER_INSTANCE", instance);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("HEADWATER_JAVA_OPTS", "-Xmx400m -XX:TieredStopAtLevel=1");
        List<String> command = List.of(Path.of("headwater").toAbsolutePath().toString(), "serve");
        return new Service(
                new Node(instance, command, environment, logs.resolve(instance + "-" + port + ".log")), port);
    }

    Node node() {
        return node;
    }

    /** Waits until the role is running; returns false after {@code seconds}, or when the process has ended. */
    boolean awaitReady(int seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (status("/q/health/ready") != 200) {
            if (System.nanoTime() - deadline > 0 || !node.isAlive()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return true;
    }

    /** Returns whether the process has ended, or its liveness probe says that it should be started again. */
    boolean hasEnded() throws InterruptedException {
        return !node.isAlive() || status("/q/health/live") == 503;
    }

    /** Returns the status of an endpoint; 0 while nothing answers. */
    private int status(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }
}
