package io.headwater.config;

import static java.util.Objects.requireNonNull;

import io.headwater.config.key.KeyText;
import io.headwater.config.key.Location;
import io.headwater.config.yaml.FaultyYamlException;
import io.headwater.config.yaml.PlainKeys;
import io.headwater.config.yaml.YamlReader;
import io.headwater.config.yaml.YamlWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a base-model manifest from YAML, as {@code docs/configuration.md} describes it. */
public final class BaseModelFile {
    /** The names of the built-in base models. */
    public static final List<String> BUILT_IN = List.of("minilm", "minilm-int8", "e5-small-int8");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private BaseModelFile() {}

    /**
     * Returns the manifest that the {@code base} of an adaptation refers to: a built-in name, the name of a base model
     * in the models folder, or the path of a file. It is a path when it contains '/' or ends in {@code .yaml} or
     * {@code .yml}.
     *
     * @throws ConfigurationException when there is no such manifest, or with every fault of the manifest
     */
    public static BaseModelManifest resolve(String base) {
        Optional<Path> manifest = manifest(base);
        return manifest.isPresent() ? read(manifest.get()) : builtIn(base);
    }

    /**
     * Returns the file of the manifest that the {@code base} of an adaptation refers to, which need not exist if {@code base} is a
     * path; empty if the base model is built in, or there is none of this name.
     */
    public static Optional<Path> manifest(String base) {
        if (isPath(base)) {
            return Optional.of(Path.of(base));
        }
        ModelsFolder added = ModelsFolder.configured();
        return !BUILT_IN.contains(base) && added.holds(base) ? Optional.of(added.manifest(base)) : Optional.empty();
    }

    /**
     * Returns the manifest of a base model that is part of Headwater.
     *
     * @throws ConfigurationException when there is none with this name; the message lists the existing names
     */
    public static BaseModelManifest builtIn(String name) {
        if (NAME.matcher(name).matches()) {
            String resource = "/base-models/" + name + ".yaml";
            try (InputStream in = BaseModelFile.class.getResourceAsStream(resource)) {
                if (in != null) {
                    String file = Location.CLASSPATH + resource.substring(1);
                    return parse(file, ConfigurationFiles.decode(file, in.readAllBytes()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("base model '" + name + "' cannot be read from the class path", e);
            }
        }
        throw ConfigurationException.of(
                "base '" + KeyText.shown(name) + "'",
                "there is no base model of this name; use one of " + known()
                        + ", or the path of a manifest, such as ./my-model.yaml");
    }

    /**
     * Reads the manifest in {@code file}; relative locations are resolved against its folder.
     *
     * @throws ConfigurationException with every fault of the manifest
     */
    public static BaseModelManifest read(Path file) {
        return parse(file.toString(), ConfigurationFiles.read(file), ConfigurationFiles.folder(file));
    }

    /**
     * Parses a manifest from {@code yaml}. Relative locations are faults, because there is no folder to resolve them
     * against.
     *
     * @param name of the file, for messages
     * @throws ConfigurationException with every fault of the manifest
     */
    public static BaseModelManifest parse(String name, String yaml) {
        return parse(name, yaml, null);
    }

    /**
     * Writes a manifest as YAML from which {@link #read} returns an equal manifest.
     *
     * @param folder folder of the file to be written; locations within this folder are written relative to it
     * @param notes comments to write above keys, by key path, such as {@code input.mean}
     */
    public static String write(BaseModelManifest manifest, Path folder, Map<String, String> notes) {
        return YamlWriter.write(BaseModelManifest.TABLE, manifest, folder, notes);
    }

    /**
     * Returns what the manifest says about the input of the model, as nested maps: the keys below {@code input}, also those with
     * their defaults, without the locations of files.
     */
    @SuppressWarnings("unchecked") // sections are maps
    public static Map<String, Object> input(BaseModelManifest manifest) {
        Map<String, Object> input = (Map<String, Object>)
                requireNonNull(PlainKeys.of(BaseModelManifest.TABLE, manifest).get("input"));
        input.remove("tokenizer");
        if (input.get("stage") instanceof Map<?, ?> stage) {
            stage.remove("location");
            stage.remove("digest");
        }
        return input;
    }

    private static String known() {
        return Stream.concat(BUILT_IN.stream(), ModelsFolder.configured().names().stream())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    static boolean isPath(String base) {
        return base.contains("/") || base.endsWith(".yaml") || base.endsWith(".yml");
    }

    private static BaseModelManifest parse(String file, String yaml, @Nullable Path folder) {
        try {
            return YamlReader.read(BaseModelManifest.TABLE, yaml, folder);
        } catch (FaultyYamlException e) {
            throw new ConfigurationException(file, e.faults());
        }
    }
}
