package io.headwater.cli;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.ServiceDefaults;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater topics}. */
@Command(
        name = "topics",
        description =
                "Verify the topics, or create missing ones. The exit code is 1 if a topic is missing or misconfigured.")
class TopicsCommand extends ConnectedCommand implements Callable<Integer> {
    @Option(names = "--create", description = "Create missing topics.")
    boolean create;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            descriptionKey = ServiceDefaults.PARTITIONS,
            defaultValue = "6",
            description = "Partitions that every topic must have. Default: ${DEFAULT-VALUE}.")
    int partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            descriptionKey = ServiceDefaults.REPLICATION,
            defaultValue = "0",
            description = "Replicas that each partition must have at least; 0 for the brokers' default. Default:"
                    + " ${DEFAULT-VALUE}.")
    short replication;

    @Option(
            names = "--min-insync-replicas",
            paramLabel = "N",
            descriptionKey = ServiceDefaults.MIN_INSYNC_REPLICAS,
            defaultValue = "0",
            description =
                    "Replicas that must have a record before it is acknowledged, at least; 0 for the brokers' default."
                            + " Default: ${DEFAULT-VALUE}.")
    int minInSyncReplicas;

    /** The output for one topic. */
    record Line(String topic, String cleanup, String retention) {}

    @Override
    public Integer call() throws Exception {
        return time.within(this::verify);
    }

    private Integer verify() {
        Topics topics = new Topics(
                connection.prefix, partitions, replication, minInSyncReplicas, ServiceDefaults.maxRecordBytes());
        try (Admin admin = new Clients(connection.kafka(), topics).admin()) {
            TopicAdmin topicAdmin = new TopicAdmin(admin, topics);
            List<String> created = create ? topicAdmin.createMissing() : List.of();
            List<String> faults = new ArrayList<>(topicAdmin.faults());
            Optional<String> unverified = topicAdmin.unverified();
            unverified.ifPresent(faults::add);
            List<String> warnings = unverified.isEmpty() ? topicAdmin.warnings() : List.of();
            List<Line> lines = new ArrayList<>();
            for (Topic topic : Topic.values()) {
                String retention = topic.retention().isNegative()
                        ? "for ever"
                        : topic.retention().toDays() + " days";
                lines.add(new Line(topics.name(topic), topic.cleanup().policy(), retention));
            }
            output.print(Map.of("topics", lines, "created", created, "faults", faults, "warnings", warnings), () -> {
                lines.forEach(line -> output.line(
                        "%-28s %-8s %-9s%s",
                        line.topic(),
                        line.cleanup(),
                        line.retention(),
                        created.contains(line.topic()) ? " created" : ""));
                faults.forEach(fault -> output.line("fault: %s", fault));
                warnings.forEach(warning -> output.line("warning: %s", warning));
            });
            return faults.isEmpty() ? 0 : 1;
        }
    }
}
