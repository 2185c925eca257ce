package io.headwater.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the text of a configuration file. */
final class ConfigurationFiles {
    static final int MAXIMUM_BYTES = 4 << 20;

    private static final int SHOWN = 5;

    private ConfigurationFiles() {}

    /**
     * Reads the text of {@code file}.
     *
     * @throws ConfigurationException when it cannot be read, is too long, or is not UTF-8
     */
    static String read(Path file) {
        String name = file.toString();
        if (Files.isDirectory(file)) {
            throw ConfigurationException.of(name, "one file is wanted, but this is a folder; name " + oneOf(file));
        }
        try {
            long size = Files.size(file);
            if (size > MAXIMUM_BYTES) {
                throw ConfigurationException.of(
                        name, "the file must have at most " + MAXIMUM_BYTES + " bytes, but has " + size);
            }
            return decode(name, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw ConfigurationException.of(name, "there is no such file; looked for " + file.toAbsolutePath());
        } catch (IOException e) {
            throw ConfigurationException.of(
                    name, "the file cannot be read (" + e + "); check that it is a file and its permissions");
        }
    }

    /** Returns text that names the first few YAML files of {@code folder}. */
    private static String oneOf(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            List<String> names = all.map(Path::toString)
                    .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml"))
                    .sorted()
                    .limit(SHOWN)
                    .toList();
            return names.isEmpty() ? "a file" : "one of its files, such as " + String.join(", ", names);
        } catch (IOException e) {
            return "a file";
        }
    }

    /** Decodes {@code bytes} as UTF-8. */
    static String decode(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ConfigurationException.of(name, "the file must be UTF-8; save it in that encoding");
        }
    }

    /** Returns the folder of {@code file}. */
    static Path folder(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
