package io.headwater.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/** A topology as a flowchart of Mermaid: topics are rounded, stores are cylinders, and processors have corners. */
final class TopologyPicture {
    private TopologyPicture() {}

    /**
     * Draws a topology.
     *
     * @param prefix of the names of topics, which is left out
     */
    static String of(TopologyDescription description, String prefix) {
        SortedSet<String> shapes = new TreeSet<>();
        SortedSet<String> arrows = new TreeSet<>();
        List<String> groups = new ArrayList<>();
        for (Subtopology part : description.subtopologies()) {
            SortedSet<String> inside = new TreeSet<>();
            for (Node node : part.nodes()) {
                if (node instanceof Source source) {
                    source.topicSet().forEach(topic -> shapes.add(topic(topic, prefix)));
                } else if (node instanceof Sink sink) {
                    shapes.add(topic(sink.topic(), prefix));
                } else if (node instanceof Processor processor && !isOfKafka(node)) {
                    inside.add("    %s[%s]".formatted(id("node", node.name()), node.name()));
                    for (String store : processor.stores()) {
                        inside.add("    %s[(%s)]".formatted(id("store", store), store));
                        arrows.add("  %s --- %s".formatted(id("node", node.name()), id("store", store)));
                    }
                }
                if (node instanceof Processor && !isOfKafka(node)) {
                    node.predecessors()
                            .forEach(before -> sources(before)
                                    .forEach(topic -> arrows.add("  %s --> %s"
                                            .formatted(id("topic", plain(topic, prefix)), id("node", node.name())))));
                    node.successors()
                            .forEach(after -> sinks(after)
                                    .forEach(topic -> arrows.add("  %s --> %s"
                                            .formatted(id("node", node.name()), id("topic", plain(topic, prefix))))));
                }
            }
            groups.add("  subgraph part%d [for each partition of %s]\n%s\n  end"
                    .formatted(part.id(), part.id() == 0 ? "labels" : "requests", String.join("\n", inside)));
        }
        List<String> lines = new ArrayList<>(List.of("flowchart LR"));
        lines.addAll(shapes);
        lines.addAll(groups);
        lines.addAll(arrows);
        return String.join("\n", lines) + "\n";
    }

    /** The filter before a repartitioning is drawn as the arrow to its topic. */
    private static boolean isOfKafka(Node node) {
        return node.name().endsWith("-repartition-filter");
    }

    private static SortedSet<String> sources(Node node) {
        return node instanceof Source source ? new TreeSet<>(source.topicSet()) : new TreeSet<>();
    }

    private static SortedSet<String> sinks(Node node) {
        SortedSet<String> topics = new TreeSet<>();
        if (node instanceof Sink sink) {
            topics.add(sink.topic());
        } else if (isOfKafka(node)) {
            node.successors().forEach(after -> topics.addAll(sinks(after)));
        }
        return topics;
    }

    private static String topic(String name, String prefix) {
        return "  %s([%s])".formatted(id("topic", plain(name, prefix)), plain(name, prefix));
    }

    private static String plain(String topic, String prefix) {
        return topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic;
    }

    private static String id(String kind, String name) {
        return kind + "-" + name;
    }
}
