package io.headwater.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the bytes of an artifact lie.
 *
 * @param name the file whose modification time is the age of the artifact: the artifact itself, or the pointer into a pack
 * @param file the file that contains the bytes
 * @param offset where they begin in it
 * @param length their number
 */
record Place(Path name, Path file, long offset, long length) {

    /** Returns all of {@code file}; empty when there is no regular file, because reading a device or a pipe could block. */
    static Optional<Place> whole(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Place(file, file, 0, Files.size(file)));
        } catch (NoSuchFileException takenBySomeoneElse) {
            return Optional.empty();
        }
    }

    /** Returns whether the bytes are in a pack, together with others. */
    boolean isPacked() {
        return !name.equals(file);
    }

    @Override
    public String toString() {
        return isPacked() ? "at bytes %d to %d of %s".formatted(offset, offset + length, file) : file.toString();
    }
}
