package io.headwater.config.yaml;

import io.headwater.config.key.KeyText;
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

/** A YAML file as a flat map from dotted paths to nodes. Only the syntax is parsed; no Java objects are constructed. */
final class YamlDocument {
    /**
     * Four times the maximum length of a file, because the canonical form, which is ASCII and up to three times as
     * long, must be readable too.
     */
    private static final int MAXIMUM_LENGTH = 16 << 20;

    private static final int MAXIMUM_DEPTH = 20;

    private final Map<String, YamlEntry> entries = new LinkedHashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    private YamlDocument() {}

    /**
     * Parses {@code text}; a duplicate key is a fault of the document.
     *
     * @throws FaultyYamlException when it is not one YAML mapping, or is too long or too deep
     */
    static YamlDocument parse(String text) throws FaultyYamlException {
        YamlDocument document = new YamlDocument();
        Node root = compose(text);
        if (root instanceof MappingNode mapping) {
            document.flatten("", mapping);
        } else if (root != null) {
            throw new FaultyYamlException(
                    YamlEntry.line(root),
                    "the file must be a mapping of keys to values, such as 'name: my-adaptation'");
        }
        return document;
    }

    /** Returns all keys, including sections, in the order of the file. */
    Map<String, YamlEntry> entries() {
        return entries;
    }

    /** Returns the faults found so far, as a list to which more can be added. */
    List<Fault> faults() {
        return faults;
    }

    /** Gives the entry {@code former} and those in it another path; it is a fault if there is an entry with that path. */
    void rename(String former, String present) {
        for (String path : List.copyOf(entries.keySet())) {
            boolean isRenamed = path.equals(former) || path.startsWith(former + ".");
            YamlEntry entry = isRenamed ? entries.remove(path) : null;
            if (entry == null) {
                continue;
            }
            String renamed = present + path.substring(former.length());
            if (entries.putIfAbsent(renamed, entry) != null) {
                faults.add(new Fault(
                        entry.line(),
                        "%s is the former name of %s, which is given as well; keep one of them"
                                .formatted(path, renamed)));
            }
        }
    }

    private static @Nullable Node compose(String text) throws FaultyYamlException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAXIMUM_LENGTH);
        options.setNestingDepthLimit(MAXIMUM_DEPTH);
        options.setMaxAliasesForCollections(0);
        options.setAllowRecursiveKeys(false);
        try {
            return new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new FaultyYamlException(line, "is not the YAML expected: " + e.getProblem());
        } catch (YAMLException e) {
            throw new FaultyYamlException(
                    0, "is not the YAML expected: " + KeyText.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private void flatten(String prefix, MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            int line = YamlEntry.line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                faults.add(new Fault(line, "a key must be a plain word, but is a list or a mapping"));
                continue;
            }
            String path = prefix + key.getValue();
            YamlEntry earlier = entries.putIfAbsent(path, new YamlEntry(line, tuple.getValueNode()));
            if (earlier != null) {
                faults.add(new Fault(
                        line,
                        KeyText.shown(path) + " is given twice, first in line " + earlier.line()
                                + "; keep one of them"));
            } else if (tuple.getValueNode() instanceof MappingNode section) {
                flatten(path + ".", section);
            }
        }
    }
}
