package io.headwater.codec;

import io.headwater.domain.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A binary decoder for Avro that rejects a length larger than the number of remaining bytes. Avro's own decoder
 * allocates memory for the stated length, up to 2 GiB, before it checks how many bytes there are. This decoder also
 * rejects text that is not UTF-8.
 */
final class BoundedDecoder extends Decoder {

    private final BinaryDecoder in;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    // The number of items without size (null, an empty record) could be arbitrarily large, so all items share one
    // limit.
    private long itemsLeft;
    // A text of one byte becomes an object of many, so their number is limited as well.
    private int textsLeft = Limits.TEXTS;

    BoundedDecoder(byte[] bytes, int offset) {
        int length = bytes.length - offset;
        in = DecoderFactory.get().binaryDecoder(bytes, offset, length, null);
        itemsLeft = length;
    }

    /** Returns the number of bytes not yet read. */
    int remaining() throws IOException {
        return in.inputStream().available();
    }

    private int length() throws IOException {
        return bounded(in.readLong(), remaining(), "bytes");
    }

    private long items() throws IOException {
        long count = in.readLong();
        if (count < 0) {
            // A negative count is followed by the size of the block in bytes, which is needed only to skip the block.
            in.readLong();
            count = -count;
        }
        int items = bounded(count, Math.min(itemsLeft, remaining()), "items");
        itemsLeft -= items;
        return items;
    }

    private static int bounded(long claimed, long possible, String what) throws IOException {
        if (claimed < 0 || claimed > possible) {
            throw new IOException("a length of " + claimed + " " + what + " where at most " + possible + " can follow");
        }
        return (int) claimed;
    }

    private ByteBuffer bytes() throws IOException {
        byte[] bytes = new byte[length()];
        in.readFixed(bytes);
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public String readString() throws IOException {
        if (textsLeft-- == 0) {
            throw new IOException("more than " + Limits.TEXTS + " texts; divide the record");
        }
        int length = length();
        if (length == 0) {
            return "";
        }
        byte[] bytes = new byte[length];
        in.readFixed(bytes);
        return utf8.decode(ByteBuffer.wrap(bytes)).toString();
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return new Utf8(readString());
    }

    @Override
    public void skipString() throws IOException {
        in.skipFixed(length());
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        return bytes();
    }

    @Override
    public void skipBytes() throws IOException {
        in.skipFixed(length());
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        in.readFixed(bytes, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        in.skipFixed(bounded(length, remaining(), "bytes"));
    }

    @Override
    public long readArrayStart() throws IOException {
        return items();
    }

    @Override
    public long arrayNext() throws IOException {
        return items();
    }

    @Override
    public long skipArray() throws IOException {
        return items();
    }

    @Override
    public long readMapStart() throws IOException {
        return items();
    }

    @Override
    public long mapNext() throws IOException {
        return items();
    }

    @Override
    public long skipMap() throws IOException {
        return items();
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        return in.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return in.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return in.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return in.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return in.readDouble();
    }

    @Override
    public int readEnum() throws IOException {
        return in.readEnum();
    }

    @Override
    public int readIndex() throws IOException {
        return in.readIndex();
    }
}
