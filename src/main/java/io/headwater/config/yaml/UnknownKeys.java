package io.headwater.config.yaml;

import io.headwater.config.key.KeyText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Finds keys of a file that are not known. */
final class UnknownKeys {
    /** The number of unknown keys for which a known one is looked for, which takes the most time. */
    private static final int ADVISED = 100;

    private UnknownKeys() {}

    /**
     * Returns a fault for every entry that is neither one of {@code known} nor a section that contains one. Entries
     * inside a faulty entry are not reported.
     */
    static List<Fault> faults(Map<String, YamlEntry> entries, Collection<String> known) {
        Set<String> sections = new LinkedHashSet<>();
        known.forEach(path -> sections.addAll(parents(path)));
        Set<String> names = new LinkedHashSet<>(sections);
        names.addAll(known);

        List<Fault> faults = new ArrayList<>();
        Set<String> settled = new HashSet<>(known);
        entries.forEach((path, entry) -> {
            if (settled.contains(path) || parents(path).stream().anyMatch(settled::contains)) {
                return;
            }
            if (!sections.contains(path)) {
                settled.add(path);
                faults.add(new Fault(
                        entry.line(),
                        "'" + KeyText.shown(path) + "' is not a key here; "
                                + advice(path, faults.size() < ADVISED ? names : List.of())));
            } else if (!(entry.value() instanceof MappingNode) && !entry.isNull()) {
                faults.add(new Fault(
                        entry.line(),
                        path + " must be a section with keys of its own, but is a " + YamlEntry.kind(entry.value())));
            }
        });
        return faults;
    }

    private static String advice(String path, Collection<String> names) {
        return misplaced(path, names)
                .or(() -> misspelt(path, names))
                .map(name -> "did you mean '" + name + "'?")
                .orElse("remove it or see docs/configuration.md");
    }

    /** Finds a known key with the same name in another section. */
    private static Optional<String> misplaced(String path, Collection<String> names) {
        String word = lastWord(path);
        return names.stream().filter(name -> lastWord(name).equals(word)).findFirst();
    }

    private static Optional<String> misspelt(String path, Collection<String> names) {
        int allowed = Math.max(2, Math.min(path.length(), 60) / 4);
        return names.stream()
                .filter(name ->
                        Math.abs(name.length() - path.length()) <= allowed && Spelling.distance(path, name) <= allowed)
                .min(Comparator.comparingInt(name -> Spelling.distance(path, name)));
    }

    private static List<String> parents(String path) {
        List<String> parents = new ArrayList<>();
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            parents.add(path.substring(0, dot));
        }
        return parents;
    }

    private static String lastWord(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
