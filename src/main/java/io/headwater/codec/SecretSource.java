package io.headwater.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A password or token, or the file that contains it. No message and no text form contains the secret itself.
 *
 * @param value the secret; null when it is in a file
 * @param file the file, whose last line break does not count; null when the secret is given
 */
public record SecretSource(@Nullable String value, @Nullable Path file) {

    private static final int MAX_BYTES = 1 << 16;

    /**
     * Returns the secret. A file is read each time, so that it can be replaced while the process runs.
     *
     * @throws IllegalArgumentException when it cannot be read, is empty or has control characters; the message names the file
     */
    public String read() {
        String secret = value == null ? content() : value;
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("must not be empty" + where());
        }
        if (secret.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must be one line without control characters" + where());
        }
        return secret;
    }

    private String content() {
        Path path = file;
        if (path == null) {
            return "";
        }
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new IllegalArgumentException("must have at most " + MAX_BYTES + " bytes" + where());
            }
            return Files.readString(path).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            // The message of some exceptions is only the path.
            throw new IllegalArgumentException("cannot be read (" + e.getClass().getSimpleName() + ")" + where(), e);
        }
    }

    private String where() {
        return file == null ? "" : " (file '" + file + "')";
    }

    @Override
    public String toString() {
        return file == null ? "***" : "file " + file;
    }
}
