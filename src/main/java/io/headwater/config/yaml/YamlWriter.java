package io.headwater.config.yaml;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.KeyValues;
import io.headwater.config.key.LocatedFile;
import io.headwater.config.key.Location;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the keys of a record as YAML from which {@link YamlReader} reads an equal record. */
public final class YamlWriter {
    private final Path folder;
    private final Map<String, String> notes;
    private final StringBuilder yaml = new StringBuilder();
    private List<String> section = List.of();

    private YamlWriter(Path folder, Map<String, String> notes) {
        this.folder = folder;
        this.notes = notes;
    }

    /**
     * Writes the record as YAML with all keys except those that are empty and have an empty default.
     *
     * @param folder folder of the file to be written; locations within this folder are written relative to it
     * @param notes comments to write above keys, by key path; if such a key is omitted, the comment is written in its
     *     place
     */
    public static <R> String write(KeyTable<R> table, R record, Path folder, Map<String, String> notes) {
        YamlWriter writer = new YamlWriter(folder, notes);
        KeyValues values = table.values(record);
        table.keys(values).forEach(key -> writer.write(key, values));
        return writer.yaml.toString();
    }

    private <T> void write(Key<T> key, KeyValues values) {
        Optional<T> value = values.find(key);
        if (value.isPresent() && !isEmpty(value.get())) {
            List<String> words = List.of(key.path().split("\\."));
            enter(words.subList(0, words.size() - 1));
            note(key);
            line(words.size() - 1, words.get(words.size() - 1) + ": " + text(value.get()));
        } else if (notes.containsKey(key.path())) {
            note(key);
            line(section.size(), "# " + key.path() + ": []");
        }
    }

    /** Starts the sections of {@code path} that the previous key was not in. */
    private void enter(List<String> path) {
        for (int depth = 0; depth < path.size(); depth++) {
            if (section.size() <= depth || !section.subList(0, depth + 1).equals(path.subList(0, depth + 1))) {
                line(depth, path.get(depth) + ":");
            }
        }
        section = path;
    }

    private void note(Key<?> key) {
        @Nullable String note = notes.get(key.path());
        if (note != null) {
            line(section.size(), "# " + KeyText.oneLine(note));
        }
    }

    private void line(int depth, String text) {
        yaml.append("  ".repeat(depth)).append(text).append('\n');
    }

    private static boolean isEmpty(Object value) {
        return value.equals("") || value.equals(List.of());
    }

    private String text(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(this::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof LocatedFile file) {
            return quoted(new LocatedFile(file.location().relativeTo(folder), file.digest()).toString());
        }
        if (value instanceof Location location) {
            return quoted(location.relativeTo(folder).text());
        }
        if (value instanceof Enum<?> constant) {
            return KeyText.kebab(constant);
        }
        return value instanceof String text ? quoted(text) : value.toString();
    }

    /**
     * Uses double quotes, which can represent every printable text, unless the text is a plain word, which is easier to
     * read without quotes.
     */
    private static String quoted(String text) {
        boolean plain =
                text.matches("[A-Za-z_][A-Za-z0-9_./-]*") && !text.matches("(?i)true|false|yes|no|on|off|null|y|n");
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
