package io.headwater.config.yaml;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.ListType;
import io.headwater.config.key.ScalarType;
import io.headwater.config.key.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The value of a key in a document.
 *
 * @param faults list to which faults are added
 */
record YamlSource(Key<?> key, YamlEntry entry, List<Fault> faults) implements ValueType.WrittenValue {
    /** Of a list with many faults, people correct the first ones. */
    private static final int MAXIMUM_FAULTS = 100;

    @Override
    public <T> Optional<T> one(ScalarType<T> type) {
        return scalar(type, entry.value(), entry.line());
    }

    @Override
    public <E> Optional<List<E>> many(ListType<E> type) {
        if (!(entry.value() instanceof SequenceNode sequence)) {
            note(entry.line(), key.path() + " must be " + type.rule() + ", but is not a list");
            return Optional.empty();
        }
        int size = sequence.getValue().size();
        if (!type.allows(size)) {
            note(entry.line(), key.path() + " must be " + type.rule() + ", but has " + size);
            return Optional.empty();
        }
        int before = faults.size();
        List<E> values = new ArrayList<>();
        Set<E> seen = new HashSet<>();
        for (Node node : sequence.getValue()) {
            if (faults.size() - before == MAXIMUM_FAULTS) {
                break;
            }
            int line = YamlEntry.line(node);
            if (YamlEntry.isNull(node)) {
                note(line, key.path() + " has an empty entry; quote it if that is meant");
                continue;
            }
            scalar(type.element(), node, line).ifPresent(value -> {
                values.add(value);
                if (!seen.add(value) && type.unique()) {
                    note(line, key.path() + " has '" + KeyText.shown(value.toString()) + "' twice; keep one of them");
                }
            });
        }
        return faults.size() == before ? Optional.of(values) : Optional.empty();
    }

    private <T> Optional<T> scalar(ScalarType<T> type, Node node, int line) {
        if (!(node instanceof ScalarNode scalar)) {
            note(line, key.path() + " must be " + type.rule() + ", but is a " + YamlEntry.kind(node));
            return Optional.empty();
        }
        Optional<T> value = type.parse(scalar.getValue());
        if (value.isEmpty()) {
            note(line, key.path() + " must be " + type.rule() + ", but is '" + KeyText.shown(scalar.getValue()) + "'");
        }
        return value;
    }

    private void note(int line, String message) {
        faults.add(new Fault(line, message));
    }
}
