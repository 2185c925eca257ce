package io.headwater.store;

import io.headwater.domain.ArtifactException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads a whole file whose size is checked before anything is allocated. */
final class BoundedRead {
    private BoundedRead() {}

    /**
     * The bytes of {@code file}.
     *
     * @throws ArtifactException when they are more than {@code maximum}
     * @throws NoSuchFileException when there is no ordinary file
     */
    static byte[] of(Path file, int maximum) throws IOException {
        // A device or a pipe of that name could block the reader.
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > maximum) {
                throw new ArtifactException("artifact " + file + " must have at most " + maximum + " bytes, but has "
                        + size + "; raise the store's limit if it is genuine");
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) size);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // A read may stop early; the end of the file comes early only when it shrinks meanwhile.
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }
}
