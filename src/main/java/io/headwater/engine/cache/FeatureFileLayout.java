package io.headwater.engine.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The layout of a {@link FeatureFile}: the header, the slots, the segments. Entries begin at multiples of eight and
 * never cross a segment boundary. Positions are relative to the first byte of the first segment.
 *
 * @param indexBytes size of the slots, a power of two
 * @param segmentBytes size of a segment, a multiple of 4096, at most 1 GiB
 * @param segments maximum number of segments, at least 1
 */
record FeatureFileLayout(int indexBytes, int segmentBytes, int segments) {
    /** The minimum configurable size of a file: header, slots and one segment. */
    static final long LEAST_BYTES = 1 << 20;

    static final int HEADER_BYTES = 4096;
    /** The offset in the header of the position of the next entry. */
    static final int WRITE_AT = 128;

    // Increase the number whenever the meaning of the bytes changes.
    private static final String MAGIC = "headwater features 1\n";
    private static final int SEGMENT_BYTES = 64 << 20;
    private static final int MAX_INDEX_BYTES = 1 << 30;
    private static final int SLOT_BYTES = 8;
    /** The file size per slot: the size of an entry of about a hundred features in half precision. */
    private static final int BYTES_A_SLOT = 256;

    private static final int ALIGNMENT = 8;
    private static final int PAGE = 4096;

    FeatureFileLayout {
        if (Integer.bitCount(indexBytes) != 1
                || segmentBytes < PAGE
                || segmentBytes > 1 << 30
                || segmentBytes % PAGE != 0
                || segments < 1) {
            throw new IllegalArgumentException("a file of features cannot have %d bytes of slots and %d segments of %d"
                    .formatted(indexBytes, segments, segmentBytes));
        }
    }

    /** The layout of a file that never takes more than {@code maxBytes}, at least {@link #LEAST_BYTES}. */
    static FeatureFileLayout of(long maxBytes) {
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "a file of features needs at least " + LEAST_BYTES + " bytes, but may have " + maxBytes);
        }
        int indexBytes = (int) Math.min(MAX_INDEX_BYTES, Long.highestOneBit(maxBytes / BYTES_A_SLOT) * SLOT_BYTES);
        long rest = maxBytes - HEADER_BYTES - indexBytes;
        long segments = (rest + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
        return new FeatureFileLayout(indexBytes, (int) (rest / segments / PAGE * PAGE), Math.toIntExact(segments));
    }

    /** The total size of all segments in bytes. */
    long capacity() {
        return (long) segmentBytes * segments;
    }

    /** The offset of a segment in the file. */
    long segmentAt(int segment) {
        return HEADER_BYTES + indexBytes + (long) segment * segmentBytes;
    }

    /** The first bytes of a file with this identity and layout. */
    byte[] header(byte[] identity) {
        byte[] magic = MAGIC.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(magic.length + 12 + identity.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(magic)
                .putInt(indexBytes)
                .putInt(segmentBytes)
                .putInt(segments)
                .put(identity)
                .array();
    }

    /** The number of segments of a file of this size; -1 if no file of this layout has this size. */
    int writtenSegments(long fileBytes) {
        long bytes = fileBytes - segmentAt(0);
        return bytes >= 0 && bytes <= capacity() && bytes % segmentBytes == 0 ? (int) (bytes / segmentBytes) : -1;
    }

    /**
     * Returns {@code kept} if it can be the position of the next entry in a file of {@code written} segments, otherwise
     * 0.
     */
    long writePosition(long kept, int written) {
        boolean possible =
                kept >= 0 && kept < capacity() && kept <= (long) written * segmentBytes && kept % ALIGNMENT == 0;
        return possible ? kept : 0;
    }

    /**
     * The first position from {@code position} on at which an entry fits into one segment; the capacity if there is
     * none.
     */
    long roomAt(long position, int bytes) {
        long left = segmentBytes - position % segmentBytes;
        return bytes <= left ? position : position + left;
    }

    /** The position of the entry that follows the entry at {@code position}. */
    long after(long position, int bytes) {
        long next = position + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return next == capacity() ? 0 : next;
    }
}
