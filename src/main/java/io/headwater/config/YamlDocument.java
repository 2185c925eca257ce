package io.headwater.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A YAML file as a flat map from dotted paths to nodes; only the syntax is read, nothing is constructed. */
final class YamlDocument {
    /** A file's canonical form is ASCII and up to three times as long, and must be readable too. */
    private static final int MAXIMUM_LENGTH = 4 * ConfigurationFiles.MAXIMUM_BYTES;

    private static final int MAXIMUM_DEPTH = 20;

    /** A key with its line, from 1, and its value. */
    record Entry(int line, Node value) {}

    private final String file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    private YamlDocument(String file) {
        this.file = file;
    }

    /**
     * Reads {@code text}; a key that comes twice is a fault of the document.
     *
     * @throws ConfigurationException when it is not one YAML mapping, or is too long or too deep
     */
    static YamlDocument parse(String file, String text) {
        YamlDocument document = new YamlDocument(file);
        Node root = compose(file, text);
        if (root instanceof MappingNode mapping) {
            document.flatten("", mapping);
        } else if (root != null) {
            throw failure(
                    file, line(root), "the file must be a mapping of keys to values, such as 'name: my-adaptation'");
        }
        return document;
    }

    String file() {
        return file;
    }

    /** Every key, sections included, in the order of the file. */
    Map<String, Entry> entries() {
        return entries;
    }

    /** What is wrong so far; open for more. */
    List<Fault> faults() {
        return faults;
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    static ConfigurationException failure(String file, int line, String message) {
        return new ConfigurationException(file, List.of(new Fault(line, message)));
    }

    private static @Nullable Node compose(String file, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAXIMUM_LENGTH);
        options.setNestingDepthLimit(MAXIMUM_DEPTH);
        options.setMaxAliasesForCollections(0);
        options.setAllowRecursiveKeys(false);
        try {
            return new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw failure(file, line, "is not the YAML expected: " + e.getProblem());
        } catch (YAMLException e) {
            throw failure(file, 0, "is not the YAML expected: " + Texts.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private void flatten(String prefix, MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                faults.add(new Fault(line, "a key must be a plain word, but is a list or a mapping"));
                continue;
            }
            String path = prefix + key.getValue();
            Entry earlier = entries.putIfAbsent(path, new Entry(line, tuple.getValueNode()));
            if (earlier != null) {
                faults.add(new Fault(
                        line,
                        Texts.shown(path) + " is given twice, first in line " + earlier.line() + "; keep one of them"));
            } else if (tuple.getValueNode() instanceof MappingNode section) {
                flatten(path + ".", section);
            }
        }
    }
}
