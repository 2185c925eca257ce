package io.headwater.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The folder of the base models that the user added: {@code NAME/manifest.yaml} and the files that it names.
 *
 * @param path path of the folder, which need not exist
 */
public record ModelsFolder(Path path) {
    /** The default path. */
    static final String DEFAULT = ".headwater/models";

    private static final String SETTING = "headwater.models";
    private static final String MANIFEST = "manifest.yaml";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    /** Returns the folder given by the setting {@code headwater.models} ({@code HEADWATER_MODELS}). */
    public static ModelsFolder configured() {
        return new ModelsFolder(Path.of(ConfigProvider.getConfig()
                .getOptionalValue(SETTING, String.class)
                .orElse(DEFAULT)));
    }

    /**
     * Returns whether {@code name} is a valid name of a base model: 1 to 100 letters, digits, '.', '_' or '-', not
     * beginning with '.'.
     */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns the folder of the base model {@code name}. */
    public Path folder(String name) {
        return path.resolve(name);
    }

    /** Returns the path of the manifest of the base model {@code name}, which need not exist. */
    public Path manifest(String name) {
        return folder(name).resolve(MANIFEST);
    }

    /** Returns whether there is a base model with this name. */
    public boolean holds(String name) {
        return isName(name) && Files.isRegularFile(manifest(name));
    }

    /** Returns the names of the base models in the folder, sorted. */
    public List<String> names() {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(this::holds)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("models folder '" + path + "' cannot be read; check its permissions", e);
        }
    }
}
