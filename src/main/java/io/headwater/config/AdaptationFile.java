package io.headwater.config;

import io.headwater.config.yaml.FaultyYamlException;
import io.headwater.config.yaml.YamlReader;
import java.nio.file.Path;

/** Reads an adaptation from YAML, as {@code docs/configuration.md} describes it. */
public final class AdaptationFile {
    private AdaptationFile() {}

    /**
     * Reads the adaptation in {@code file}. If its {@code base} is a relative path, it is resolved against the folder
     * of the file.
     *
     * @throws ConfigurationException with every fault of the file
     */
    public static AdaptationConfig read(Path file) {
        return read(file, text(file));
    }

    /**
     * Returns the text of {@code file}.
     *
     * @throws ConfigurationException when it cannot be read, is too long, or is not UTF-8
     */
    public static String text(Path file) {
        return ConfigurationFiles.read(file);
    }

    /** As {@link #read(Path)}, for a file whose {@link #text} was read before. */
    public static AdaptationConfig read(Path file, String text) {
        AdaptationConfig config = parse(file.toString(), text);
        if (!BaseModelFile.isPath(config.base())) {
            return config;
        }
        Path base = ConfigurationFiles.folder(file).resolve(config.base()).normalize();
        return config.withBase(base.toString());
    }

    /**
     * Parses an adaptation from {@code yaml}; its {@code base} is left as written.
     *
     * @param name of the file, for messages
     * @throws ConfigurationException with every fault of the file
     */
    public static AdaptationConfig parse(String name, String yaml) {
        try {
            return YamlReader.read(AdaptationConfig.TABLE, yaml, null);
        } catch (FaultyYamlException e) {
            throw new ConfigurationException(name, e.faults());
        }
    }

    /**
     * Returns the canonical text of {@code config}: JSON with every key explicit, keys sorted, times as ISO 8601, ASCII
     * only. Equal configurations have equal texts on every platform, so the digest of the text identifies the
     * configuration. The text is also valid YAML and can be used as an adaptation file.
     */
    public static String canonical(AdaptationConfig config) {
        return CanonicalAdaptation.write(config);
    }

    /**
     * Parses the {@link #canonical} text of an adaptation. A key that an older release did not write gets its default,
     * and one that only an older release knew is left out.
     *
     * @throws ConfigurationException when {@code text} is not the text of an adaptation
     */
    public static AdaptationConfig parseCanonical(String text) {
        return parse("canonical configuration", CanonicalAdaptation.present(text));
    }
}
