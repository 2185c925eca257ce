package io.headwater.task.sound;

import io.headwater.domain.Outcome;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jflac.ChannelData;
import org.jflac.FLACDecoder;
import org.jflac.FrameListener;
import org.jflac.frame.Frame;
import org.jflac.metadata.Metadata;

/**
 * Reads untrusted FLAC files (RFC 9639). Only the STREAMINFO block and the frames are passed to the library, because
 * it trusts the declared length of other metadata. It does not report truncated or damaged files, so the decoded
 * samples are checked against the declared length and, if present, the declared MD5.
 */
final class FlacReader {
    private static final byte[] SIGNATURE = {'f', 'L', 'a', 'C'};
    private static final int BLOCK_HEADER = 4;
    private static final int STREAM_INFO = 34;
    private static final int MD5 = 16;

    private final byte[] file;
    private final ByteBuffer info;
    private final int bits;

    private FlacReader(byte[] file) {
        this.file = file;
        info = ByteBuffer.wrap(file, SIGNATURE.length + BLOCK_HEADER, STREAM_INFO)
                .slice();
        bits = (info.getShort(12) >> 4 & 0x1f) + 1;
    }

    /** Returns whether {@code file} has the signature of a FLAC file. */
    static boolean isOne(byte[] file) {
        return file.length >= SIGNATURE.length
                && Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /** Reads the sound in {@code file}, or returns why it cannot be read. */
    static Outcome<Sound> read(byte[] file, int maxSeconds) {
        int first = SIGNATURE.length + BLOCK_HEADER;
        if (file.length < first + STREAM_INFO
                || type(file, SIGNATURE.length) != 0
                || size(file, SIGNATURE.length) != STREAM_INFO) {
            return bad("does not begin with a description of its stream");
        }
        int frames = frames(file);
        return frames < 0 ? bad("is cut off within its metadata") : new FlacReader(file).from(frames, maxSeconds);
    }

    /** Returns the offset of the first frame, after the last metadata block, or -1 if the file ends first. */
    private static int frames(byte[] file) {
        int at = SIGNATURE.length;
        while (at + BLOCK_HEADER <= file.length) {
            boolean last = file[at] < 0;
            int next = at + BLOCK_HEADER + size(file, at);
            if (next > file.length) {
                return -1;
            }
            if (last) {
                return next;
            }
            at = next;
        }
        return -1;
    }

    private static int type(byte[] file, int block) {
        return file[block] & 0x7f;
    }

    private static int size(byte[] file, int block) {
        return (file[block + 1] & 0xff) << 16 | (file[block + 2] & 0xff) << 8 | file[block + 3] & 0xff;
    }

    private Outcome<Sound> from(int frames, int maxSeconds) {
        long described = info.getLong(10);
        long total = described & (1L << 36) - 1;
        if (total == 0) {
            return bad("does not say how long it is");
        }
        SoundFormat declared = new SoundFormat(described >>> 44, (int) (described >>> 41 & 7) + 1, total);
        return declared.checked(maxSeconds).then(format -> decoded(format, frames));
    }

    private Outcome<Sound> decoded(SoundFormat format, int frames) {
        byte[] start = Arrays.copyOf(file, SIGNATURE.length + BLOCK_HEADER + STREAM_INFO);
        // Marks the only remaining metadata block as the last one.
        start[SIGNATURE.length] = (byte) 0x80;
        FLACDecoder decoder = new FLACDecoder(new EndingStream(new SequenceInputStream(
                new ByteArrayInputStream(start), new ByteArrayInputStream(file, frames, file.length - frames))));
        Mix mix = new Mix(format, bits);
        Faults faults = new Faults();
        decoder.addFrameListener(faults);
        try {
            decoder.readMetadata();
            // What follows the declared samples, such as an ID3v1 tag, is not read.
            while (mix.count < format.frames()) {
                Frame frame = decoder.readNextFrame();
                if (frame == null) {
                    break;
                }
                if (frame.header.channels != format.channels()
                        || frame.header.bitsPerSample != bits
                        || !mix.add(decoder.getChannelData(), frame.header.blockSize)) {
                    return bad("holds something else than the " + format.frames() + " samples of " + format.channels()
                            + " channels with " + bits + " bits that it declares");
                }
            }
        } catch (TooManyFaultsException e) {
            return damaged();
        } catch (EndOfFileException e) {
            // The number of samples tells below what is missing.
        } catch (IOException | RuntimeException e) {
            // The library throws all kinds of exceptions for broken files.
            return bad("cannot be read: " + e.getMessage());
        }
        if (mix.count < format.frames()) {
            return bad("is cut off or damaged: it declares " + format.frames() + " samples, but " + mix.count
                    + " can be read");
        }
        byte[] declared = new byte[MD5];
        info.get(info.capacity() - MD5, declared);
        // An MD5 of zeros means that it was not computed; then only the checksums of the frames are verified.
        boolean isWhole = Arrays.equals(declared, new byte[MD5])
                ? faults.count == 0 && decoder.getBadFrames() == 0
                : Arrays.equals(declared, mix.md5.digest());
        if (!isWhole) {
            return damaged();
        }
        return Outcome.ok(new Sound(mix.samples, (int) format.rate()));
    }

    private static <T> Outcome<T> damaged() {
        return bad("is damaged: its samples have another MD5 or checksum than it declares");
    }

    private static <T> Outcome<T> bad(String why) {
        return SoundFormat.bad("be a whole FLAC file, but " + why + "; send all of it");
    }

    /**
     * Ends a file with an exception. At an end of file, the library tries again to read a frame from bytes that it has
     * read already, and does so for ever.
     */
    private static final class EndingStream extends FilterInputStream {
        EndingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return checked(super.read(bytes, offset, length));
        }

        private static int checked(int result) throws EndOfFileException {
            if (result < 0) {
                throw new EndOfFileException();
            }
            return result;
        }
    }

    /** Not an EOFException, because the library handles those. */
    private static final class EndOfFileException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Thrown when the library finds more errors than a file that can be used may have. */
    private static final class TooManyFaultsException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Counts the errors that the library finds; it decodes a frame with a wrong checksum as silence. After each error it
     * may decode a frame anew, so their number is limited.
     */
    private static final class Faults implements FrameListener {
        private static final int MOST = 100;

        private int count;

        @Override
        public void processMetadata(Metadata metadata) {}

        @Override
        public void processFrame(Frame frame) {}

        @Override
        public void processError(String message) {
            count++;
            if (count > MOST) {
                throw new TooManyFaultsException();
            }
        }
    }

    /**
     * The samples decoded so far, mixed down to one channel. It grows as samples are decoded, regardless of the
     * declared length.
     */
    private static final class Mix {
        private final SoundFormat format;
        private final double scale;
        private final int width;
        private final MessageDigest md5 = md5();
        private float[] samples = new float[0];
        private int count;

        Mix(SoundFormat format, int bits) {
            this.format = format;
            scale = format.channels() * (double) (1L << bits - 1);
            width = (bits + 7) / 8;
        }

        /** Adds the samples of a frame; returns false if they exceed the declared length. */
        boolean add(ChannelData[] channels, int size) {
            if (size > format.frames() - count) {
                return false;
            }
            if (count + size > samples.length) {
                samples = Arrays.copyOf(samples, (int) Math.min(format.frames(), 2L * (count + size)));
            }
            byte[] bytes = new byte[size * format.channels() * width];
            int at = 0;
            for (int i = 0; i < size; i++) {
                long sum = 0;
                for (int channel = 0; channel < format.channels(); channel++) {
                    int value = channels[channel].getOutput()[i];
                    sum += value;
                    for (int b = 0; b < width; b++) {
                        bytes[at++] = (byte) (value >> 8 * b);
                    }
                }
                samples[count + i] = (float) (sum / scale);
            }
            md5.update(bytes);
            count += size;
            return true;
        }

        private static MessageDigest md5() {
            try {
                return MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform must provide MD5", e);
            }
        }
    }
}
