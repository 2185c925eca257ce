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
 * The folder of the base models that a person added: {@code NAME/manifest.yaml} and the files that it names.
 *
 * @param path of the folder, which need not be there
 */
public record ModelsFolder(Path path) {
    /** Where it is unless a setting says otherwise. */
    static final String DEFAULT = ".headwater/models";

    private static final String SETTING = "headwater.models";
    private static final String MANIFEST = "manifest.yaml";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    /** The folder that the setting {@code headwater.models} ({@code HEADWATER_MODELS}) names. */
    public static ModelsFolder configured() {
        return new ModelsFolder(Path.of(ConfigProvider.getConfig()
                .getOptionalValue(SETTING, String.class)
                .orElse(DEFAULT)));
    }

    /** Whether a base model can be called so: 1 to 100 letters, digits, '.', '_' or '-', not beginning with '.'. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The folder of the base model {@code name}. */
    public Path folder(String name) {
        return path.resolve(name);
    }

    /** The manifest of the base model {@code name}, which need not be there. */
    public Path manifest(String name) {
        return folder(name).resolve(MANIFEST);
    }

    /** Whether there is a base model of this name. */
    public boolean holds(String name) {
        return isName(name) && Files.isRegularFile(manifest(name));
    }

    /** The names of the base models in it, sorted. */
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
