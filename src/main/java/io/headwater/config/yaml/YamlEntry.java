package io.headwater.config.yaml;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A key and its value.
 *
 * @param line line number of the key, from 1
 */
record YamlEntry(int line, Node value) {

    /** Returns whether the value is empty. */
    boolean isNull() {
        return isNull(value);
    }

    static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    static String kind(Node node) {
        return node instanceof MappingNode ? "section" : node instanceof SequenceNode ? "list" : "single value";
    }
}
