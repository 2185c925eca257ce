package io.headwater.fuzz;

import io.headwater.adapt.LaneFiles;
import io.headwater.adapt.LaneFiles.Kind;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.ArtifactException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Published heads, and lanes that are restored from their checkpoints: the first byte is the number of the kind. If a brace
 * follows, it begins the header of a file whose tensors are those of a valid file, so that Jazzer changes it without having
 * to keep the lengths; all other input is a file.
 */
class LaneFuzzTest extends ReaderFuzzing {
    /** Those whose checkpoints have most sections between them. */
    private static final List<Kind> KINDS =
            List.of(Kind.HEAD, Kind.GRADIENT_CHECKPOINT, Kind.CLOSED_CHECKPOINT, Kind.PROVING_CHECKPOINT);

    private final Map<Kind, byte[]> valid = new EnumMap<>(Kind.class);

    LaneFuzzTest() {
        for (Kind kind : KINDS) {
            valid.put(kind, LaneFiles.write(kind));
        }
    }

    @Override
    void read(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        Kind kind = KINDS.get((bytes[0] & 0xff) % KINDS.size());
        byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        try {
            LaneFiles.read(kind, rest[0] == '{' ? file(kind, rest) : rest);
        } catch (ArtifactException | ConfigurationException refused) {
            // Documented for bytes that are no such file, and for lanes that the adaptation cannot continue.
        }
    }

    private byte[] file(Kind kind, byte[] header) {
        byte[] whole = valid.getOrDefault(kind, new byte[0]);
        int tensors = Long.BYTES + headerLength(whole);
        return ByteBuffer.allocate(Long.BYTES + header.length + whole.length - tensors)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(whole, tensors, whole.length - tensors)
                .array();
    }

    private static int headerLength(byte[] file) {
        return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Override
    Stream<byte[]> seeds() {
        return valid.entrySet().stream()
                .flatMap(one -> Stream.of(one.getValue(), header(one.getValue()), misnamed(header(one.getValue())))
                        .map(bytes -> ByteBuffer.allocate(1 + bytes.length)
                                .put((byte) KINDS.indexOf(one.getKey()))
                                .put(bytes)
                                .array()));
    }

    private static byte[] header(byte[] file) {
        return Arrays.copyOfRange(file, Long.BYTES, Long.BYTES + headerLength(file));
    }

    /** A tensor of the optimiser has a name that no head has. */
    private static byte[] misnamed(byte[] header) {
        return new String(header, StandardCharsets.ISO_8859_1)
                .replace("adam.v/output/b", "adam.v/output/c")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
