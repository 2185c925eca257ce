package io.headwater.adapt.state;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.weights.Safetensors;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The file of a checkpoint that shares what it can with other checkpoints of its lane: a line that names the format; the
 * digests of the checkpoints that it refers to, each list preceded by its length; the digests of further artifacts without
 * which a lane cannot go on from it; the size of a safetensors file; and this file, compressed (RFC 1950).
 *
 * @param parts the checkpoints that it refers to
 * @param mentioned further artifacts
 * @param contents the tensors and values that it holds itself
 */
record CheckpointFile(List<Digest> parts, List<Digest> mentioned, Safetensors.Contents contents) {
    static final String FORMAT = "headwater-checkpoint-3";
    private static final byte[] MAGIC = (FORMAT + "\n").getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;

    /** The most bytes into which a compressed one can expand (RFC 1951: 258 bytes from 2 bits). */
    private static final long EXPANSION = 1032;

    CheckpointFile {
        parts = List.copyOf(parts);
        mentioned = List.copyOf(mentioned);
    }

    /** Returns whether bytes are, or begin, such a file. */
    static boolean isBegunBy(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    byte[] toBytes() {
        byte[] inner = Safetensors.write(contents.tensors(), contents.metadata());
        byte[] compressed = deflated(inner);
        int lists = 2 * Integer.BYTES + DIGEST_BYTES * (parts.size() + mentioned.size());
        ByteBuffer file = ByteBuffer.allocate(MAGIC.length + lists + Integer.BYTES + compressed.length);
        file.put(MAGIC);
        write(parts, file);
        write(mentioned, file);
        return file.putInt(inner.length).put(compressed).array();
    }

    private static void write(List<Digest> digests, ByteBuffer file) {
        file.putInt(digests.size());
        digests.forEach(digest -> file.put(HexFormat.of().parseHex(digest.hex())));
    }

    private static byte[] deflated(byte[] inner) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(inner);
            deflater.finish();
            byte[] compressed = new byte[inner.length / 2 + 1024];
            int length = 0;
            while (!deflater.finished()) {
                if (length == compressed.length) {
                    compressed = Arrays.copyOf(compressed, Math.addExact(length, inner.length / 2 + 1024));
                }
                length += deflater.deflate(compressed, length, compressed.length - length);
            }
            return Arrays.copyOf(compressed, length);
        } finally {
            deflater.end();
        }
    }

    /**
     * Reads a file that {@link #toBytes} wrote.
     *
     * @throws ArtifactException when {@code bytes} are not such a file
     */
    static CheckpointFile read(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        List<Digest> parts;
        List<Digest> mentioned;
        int size;
        try {
            file.position(MAGIC.length);
            parts = digests(file);
            mentioned = digests(file);
            size = file.getInt();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw notOne(bytes, "ends within its list of artifacts");
        }
        if (size < 0 || size > EXPANSION * file.remaining()) {
            throw notOne(bytes, "says that " + file.remaining() + " compressed bytes are " + size);
        }
        return new CheckpointFile(parts, mentioned, ArtifactMetadata.parsed(inflated(bytes, file, size)));
    }

    /**
     * Returns the digests of all artifacts that a checkpoint needs, without reading further.
     *
     * @param start the first bytes of a file, as many as there are or at least {@link Checkpoints#START_BYTES}
     * @throws ArtifactException when the lists do not end within these bytes
     */
    static List<Digest> needs(byte[] start) {
        List<Digest> needs = new ArrayList<>();
        lists(start).forEach(needs::addAll);
        return needs;
    }

    /** Returns the digests of the checkpoints to which one refers, as {@link #needs}. */
    static List<Digest> parts(byte[] start) {
        return lists(start).get(0);
    }

    private static List<List<Digest>> lists(byte[] start) {
        ByteBuffer file = ByteBuffer.wrap(start).position(MAGIC.length);
        try {
            List<Digest> parts = digests(file);
            return List.of(parts, digests(file));
        } catch (BufferUnderflowException e) {
            throw notOne(start, "ends within its list of artifacts");
        }
    }

    private static List<Digest> digests(ByteBuffer file) {
        int count = file.getInt();
        if (count < 0 || (long) count * DIGEST_BYTES > file.remaining()) {
            throw new BufferUnderflowException();
        }
        List<Digest> digests = new ArrayList<>(count);
        byte[] one = new byte[DIGEST_BYTES];
        for (int i = 0; i < count; i++) {
            file.get(one);
            digests.add(new Digest(HexFormat.of().formatHex(one)));
        }
        return digests;
    }

    private static byte[] inflated(byte[] bytes, ByteBuffer file, int size) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file);
            byte[] inner = new byte[size];
            int read = 0;
            int more = size == 0 ? 0 : inflater.inflate(inner);
            // It is 0 at the end, also of what was cut short, and where a dictionary is asked for, which no file here
            // has.
            while (more > 0) {
                read += more;
                more = read == size ? 0 : inflater.inflate(inner, read, size - read);
            }
            if (read == size) {
                return inner;
            }
            throw notOne(bytes, "holds " + read + " bytes instead of " + size);
        } catch (DataFormatException e) {
            throw notOne(bytes, "is not compressed as it must be: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private static ArtifactException notOne(byte[] bytes, String why) {
        return new ArtifactException(
                "artifact " + Digest.of(bytes) + " must be a checkpoint of format " + FORMAT + ", but " + why);
    }
}
