package io.headwater.standalone;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The server properties of a small single node that is both broker and controller. */
final class BrokerSettings {

    static final String HOST = "127.0.0.1";
    static final int NODE = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private BrokerSettings() {}

    /** @param overrides properties that override the defaults, under Kafka's own names */
    static Map<String, String> of(Path directory, Ports ports, Map<String, String> overrides) {
        Map<String, String> settings = new TreeMap<>();
        node(settings, directory, ports);
        topics(settings);
        footprint(settings);
        timing(settings);
        settings.putAll(overrides);
        return Collections.unmodifiableMap(settings);
    }

    private static void node(Map<String, String> settings, Path directory, Ports ports) {
        String client = "PLAINTEXT://" + HOST + ":" + ports.client();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        // A static quorum does not store its address in the data, so a directory can be reused on other ports.
        settings.put("controller.quorum.voters", NODE + "@" + HOST + ":" + ports.controller());
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("listeners", client + "," + CONTROLLER_LISTENER + "://" + HOST + ":" + ports.controller());
        settings.put("advertised.listeners", client);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put("log.dirs", directory.toString());
    }

    private static void topics(Map<String, String> settings) {
        for (String internal :
                new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(internal + ".num.partitions", "1");
            settings.put(internal + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("num.partitions", "1");
        // Headwater creates and verifies its topics itself; a misspelt name must fail instead of creating a topic.
        settings.put("auto.create.topics.enable", "false");
    }

    private static void footprint(Map<String, String> settings) {
        // The default allocates 128 MiB of heap.
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
        settings.put("log.cleaner.threads", "1");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "1");
        settings.put("background.threads", "2");
        settings.put("group.coordinator.threads", "1");
        settings.put("share.coordinator.threads", "1");
        // The JMX beans of an embedded node are not used.
        settings.put("metric.reporters", "");
    }

    private static void timing(Map<String, String> settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.coordinator.rebalance.protocols", "classic,consumer");
        // KIP-848 members notice a rebalance at their next heartbeat; the default of 5 s is a visible delay in a demo.
        settings.put("group.consumer.min.heartbeat.interval.ms", "100");
        settings.put("group.consumer.heartbeat.interval.ms", "500");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "6000");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // Kafka's default: on a busy machine a shorter session timeout fences the node although it is alive.
        settings.put("broker.session.timeout.ms", "9000");
        // No other node could take over its partitions, and asking the controller costs time.
        settings.put("controlled.shutdown.enable", "false");
    }
}
