package io.headwater.config;

import io.headwater.config.YamlDocument.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Typed values of a document. Whatever is wrong is noted, and {@link #finish} reports all of it at once. */
final class YamlValues {
    private final YamlDocument document;
    private final Set<String> known = new LinkedHashSet<>();

    YamlValues(YamlDocument document) {
        this.document = document;
    }

    /** The value of {@code key}, or empty with a fault noted when it is not given or breaks its rule. */
    <T> Optional<T> require(Key<T> key) {
        if (!isGiven(key.path())) {
            int dot = key.path().lastIndexOf('.');
            Entry section = dot < 0 ? null : document.entries().get(key.path().substring(0, dot));
            note(section == null ? 1 : section.line(), key.path() + " is missing; it must be " + key.rule());
        }
        return find(key);
    }

    /** The value of {@code key}, or {@code fallback} when it is not given or breaks its rule. */
    <T> T get(Key<T> key, T fallback) {
        return find(key).orElse(fallback);
    }

    /** The value of {@code key}, or empty when it is not given or breaks its rule. */
    <T> Optional<T> find(Key<T> key) {
        known.add(key.path());
        Entry entry = document.entries().get(key.path());
        return entry == null || isNull(entry.value()) ? Optional.empty() : key.read(this, entry);
    }

    /** Notes a fault of the value of {@code key}. */
    void fault(Key<?> key, String message) {
        Entry entry = document.entries().get(key.path());
        note(entry == null ? 1 : entry.line(), message);
    }

    /** Leaves {@code section} and what is in it unchecked, because what belongs there is not known. */
    void skip(String section) {
        known.add(section);
    }

    /**
     * What {@code result} makes of the values.
     *
     * @throws ConfigurationException with every fault noted, and one for every key that nobody asked for
     */
    <R> R finish(Supplier<R> result) {
        document.faults().addAll(UnknownKeys.faults(document.entries(), known));
        if (!document.faults().isEmpty()) {
            throw new ConfigurationException(document.file(), document.faults());
        }
        return result.get();
    }

    /** A key with nothing after its colon counts as not given. */
    private boolean isGiven(String path) {
        Entry entry = document.entries().get(path);
        return entry != null && !isNull(entry.value());
    }

    <T> Optional<T> scalar(ScalarKey<T> key, Node node, int line) {
        if (!(node instanceof ScalarNode scalar)) {
            note(line, key.path() + " must be " + key.rule() + ", but is a " + kind(node));
            return Optional.empty();
        }
        Optional<T> value = key.parse(scalar.getValue());
        if (value.isEmpty()) {
            note(line, key.broken(scalar.getValue()));
        }
        return value;
    }

    <E> Optional<List<E>> list(ListKey<E> key, Entry entry) {
        if (!(entry.value() instanceof SequenceNode sequence)) {
            note(entry.line(), key.path() + " must be " + key.rule() + ", but is not a list");
            return Optional.empty();
        }
        int before = document.faults().size();
        List<E> values = new ArrayList<>();
        Set<E> seen = new HashSet<>();
        for (Node node : sequence.getValue()) {
            int line = YamlDocument.line(node);
            if (isNull(node)) {
                note(line, key.path() + " has an empty entry; quote it if that is meant");
                continue;
            }
            scalar(key.element(), node, line).ifPresent(value -> {
                values.add(value);
                if (!seen.add(value) && key.unique()) {
                    note(line, key.path() + " has '" + Texts.shown(value.toString()) + "' twice; keep one of them");
                }
            });
        }
        if (!key.sizes().test(sequence.getValue().size())) {
            note(
                    entry.line(),
                    key.path() + " must be " + key.rule() + ", but has "
                            + sequence.getValue().size());
        }
        return document.faults().size() == before ? Optional.of(values) : Optional.empty();
    }

    private void note(int line, String message) {
        document.faults().add(new Fault(line, message));
    }

    static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    static String kind(Node node) {
        return node instanceof MappingNode ? "section" : node instanceof SequenceNode ? "list" : "single value";
    }
}
