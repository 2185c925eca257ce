package io.headwater.store;

import io.headwater.domain.ArtifactException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads a whole file and checks its size before allocating memory. */
final class BoundedRead {
    private BoundedRead() {}

    /**
     * Returns the first {@code length} bytes of {@code file}, or all if there are fewer.
     *
     * @throws NoSuchFileException when there is no regular file
     */
    static byte[] start(Path file, int length) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return bytes.readNBytes(length);
        }
    }

    /**
     * Returns the bytes of {@code file}.
     *
     * @throws ArtifactException when there are more than {@code maximum} bytes
     * @throws NoSuchFileException when there is no regular file
     */
    static byte[] of(Path file, int maximum) throws IOException {
        // Reading a device or a pipe with that name could block.
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
                // A read may return fewer bytes than requested; the file ends early only when it is truncated
                // meanwhile.
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }
}
