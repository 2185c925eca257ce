package io.headwater.bench.soak;

import io.headwater.bench.Jvm;
import io.headwater.kafka.Topics;
import io.headwater.standalone.Ports;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Three brokers in processes of their own, each of which is also a controller; topics have three replicas. */
final class Cluster implements AutoCloseable {
    private static final int BROKERS = 3;

    private final List<Node> nodes = new ArrayList<>();
    private final List<Ports> ports;
    private final String bootstrapServers;

    /** Formats the folders of the brokers below {@code folder}. */
    Cluster(Path folder) throws IOException {
        ports = IntStream.range(0, BROKERS).mapToObj(i -> Ports.free()).toList();
        String voters = IntStream.range(0, BROKERS)
                .mapToObj(i -> i + 1 + "@127.0.0.1:" + ports.get(i).controller())
                .collect(Collectors.joining(","));
        String id = Uuid.randomUuid().toString();
        for (int i = 0; i < BROKERS; i++) {
            String name = "broker-" + (i + 1);
            Properties settings = settings(folder.resolve(name), i + 1, ports.get(i), voters);
            Path file = folder.resolve(name + ".properties");
            try (var writer = Files.newBufferedWriter(file)) {
                settings.store(writer, null);
            }
            format(id, file);
            List<String> command =
                    Jvm.command(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:-ExitOnOutOfMemoryError"));
            command.addAll(List.of(Kafka.class.getName(), file.toString()));
            nodes.add(new Node(name, command, Map.of(), folder.resolve(name + ".log")));
        }
        bootstrapServers =
                ports.stream().map(one -> "127.0.0.1:" + one.client()).collect(Collectors.joining(","));
    }

    private static void format(String id, Path file) throws IOException {
        try (PrintStream printed = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8)) {
            if (StorageTool.execute(new String[] {"format", "--cluster-id", id, "--config", file.toString()}, printed)
                    != 0) {
                throw new IOException("the folder of a broker could not be formatted; see " + file);
            }
        }
    }

    private static Properties settings(Path data, int id, Ports ports, String voters) {
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(id));
        settings.put("controller.quorum.voters", voters);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + ports.client() + ",CONTROLLER://127.0.0.1:" + ports.controller());
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports.client());
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", data.toString());
        settings.put("auto.create.topics.enable", "false");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".num.partitions", "3");
            settings.put(internal + ".replication.factor", "3");
        }
        settings.put("transaction.state.log.min.isr", "2");
        settings.put("default.replication.factor", "3");
        settings.put("min.insync.replicas", "2");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("group.coordinator.rebalance.protocols", "classic,consumer");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.consumer.min.heartbeat.interval.ms", "500");
        settings.put("group.consumer.heartbeat.interval.ms", "1000");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "6000");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("broker.session.timeout.ms", "6000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        return settings;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    List<Node> nodes() {
        return nodes;
    }

    void start() throws IOException {
        for (Node node : nodes) {
            node.start();
        }
    }

    /** Waits until all brokers answer and every replica of {@code topics} is in sync; returns false after {@code seconds}. */
    boolean awaitInSync(Topics topics, int seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (Admin admin = admin()) {
            while (!areListening() || !isInSync(admin, topics)) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }
        return true;
    }

    /** Returns whether every broker accepts connections; the controllers notice only after a while that one does not. */
    private boolean areListening() {
        for (Ports one : ports) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), one.client()), 1000);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInSync(Admin admin, Topics topics) throws InterruptedException {
        try {
            List<String> names = admin.listTopics().names().get(5, TimeUnit.SECONDS).stream()
                    .filter(name -> name.startsWith(topics.prefix()))
                    .toList();
            return admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).size() == BROKERS
                    && admin.describeTopics(names).allTopicNames().get(5, TimeUnit.SECONDS).values().stream()
                            .allMatch(Cluster::isInSync);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return false;
        }
    }

    private static boolean isInSync(TopicDescription topic) {
        return topic.partitions().stream().allMatch(partition -> partition.isr().size() == BROKERS);
    }

    /** Returns the number of partitions of {@code ends} whose last records belong to a transaction that is still open. */
    static long openTransactions(Map<TopicPartition, Long> committedEnds, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .filter(end -> committedEnds.getOrDefault(end.getKey(), 0L) < end.getValue())
                .count();
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    @Override
    public void close() throws InterruptedException {
        for (Node node : nodes) {
            node.kill();
        }
    }
}
