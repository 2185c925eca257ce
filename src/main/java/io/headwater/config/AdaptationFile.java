package io.headwater.config;

import io.headwater.config.yaml.FaultyYamlException;
import io.headwater.config.yaml.YamlReader;
import java.nio.file.Path;

/** Reads an adaptation from YAML, as {@code docs/configuration.md} describes it. */
public final class AdaptationFile {
    private AdaptationFile() {}

    /**
     * The adaptation in {@code file}. Where its {@code base} is a relative path, it becomes absolute, from the file's
     * folder.
     *
     * @throws ConfigurationException with everything that is wrong with it
     */
    public static AdaptationConfig read(Path file) {
        AdaptationConfig config = parse(file.toString(), ConfigurationFiles.read(file));
        if (!BaseModelFile.isPath(config.base())) {
            return config;
        }
        Path base = ConfigurationFiles.folder(file).resolve(config.base()).normalize();
        return config.withBase(base.toString());
    }

    /**
     * The adaptation written as {@code yaml}; its {@code base} stays as it is written.
     *
     * @param name of the file, for messages
     * @throws ConfigurationException with everything that is wrong with it
     */
    public static AdaptationConfig parse(String name, String yaml) {
        try {
            return YamlReader.read(AdaptationConfig.TABLE, yaml, null);
        } catch (FaultyYamlException e) {
            throw new ConfigurationException(name, e.faults());
        }
    }

    /**
     * The one text that stands for {@code config}: JSON with every key explicit, keys sorted, times as ISO 8601, ASCII
     * only. Equal configurations have equal texts on every platform, so its digest names the configuration. It is YAML
     * too, and itself a file of the adaptation.
     */
    public static String canonical(AdaptationConfig config) {
        return CanonicalAdaptation.write(config);
    }

    /**
     * The adaptation whose {@link #canonical} text is {@code text}. A key that an older release did not write has its
     * default.
     *
     * @throws ConfigurationException when it is something else
     */
    public static AdaptationConfig parseCanonical(String text) {
        return parse("canonical configuration", text);
    }
}
