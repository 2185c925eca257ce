package io.headwater.store;

import io.headwater.domain.ArtifactException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads the bytes of artifacts and checks their number before allocating memory. */
final class BoundedRead {
    private BoundedRead() {}

    /** Returns the first {@code length} bytes at {@code place}, or all if there are fewer. */
    static byte[] start(Place place, int length) throws IOException {
        return read(place, (int) Math.min(place.length(), length));
    }

    /**
     * Returns the bytes at {@code place}; fewer when its file is shorter than it was.
     *
     * @throws ArtifactException when there are more than {@code maximum} bytes
     */
    static byte[] of(Place place, int maximum) throws IOException {
        if (place.length() > maximum) {
            throw new ArtifactException("artifact " + place + " must have at most " + maximum + " bytes, but has "
                    + place.length() + "; raise the store's limit if it is genuine");
        }
        return read(place, (int) place.length());
    }

    private static byte[] read(Place place, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(place.file(), StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining() && channel.read(buffer, place.offset() + buffer.position()) >= 0) {
                // A read may return fewer bytes than requested; the file ends early only when it is truncated
                // meanwhile.
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }
}
