package io.headwater.task.sound;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads untrusted WAV files ("Multimedia Programming Interface and Data Specifications 1.0", and {@code
 * WAVEFORMATEXTENSIBLE}): integer samples of 8, 16, 24 or 32 bits and float samples of 32 bits. Data of unknown size, as
 * programs write to pipes, goes to the end of the file.
 */
final class WavReader {
    private static final int RIFF = 0x46464952;
    private static final int WAVE = 0x45564157;
    private static final int FORMAT = 0x20746d66;
    private static final int DATA = 0x61746164;
    private static final int HEADER = 12;
    private static final int CHUNK = 8;
    private static final int MIN_FORMAT = 16;
    private static final int MIN_EXTENSIBLE = 26;
    private static final int INTEGERS = 1;
    private static final int FLOATS = 3;
    private static final int EXTENSIBLE = 0xfffe;
    /** Programs that write to a pipe declare a size near 2 GiB or 4 GiB, because they do not know it. */
    private static final long UNKNOWN = 0x7fff_0000L;

    private final ByteBuffer file;
    private final int maxSeconds;

    private WavReader(byte[] file, int maxSeconds) {
        this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        this.maxSeconds = maxSeconds;
    }

    /** Returns whether {@code file} has the signature of a WAV file. */
    static boolean isOne(byte[] file) {
        ByteBuffer start = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return file.length >= HEADER && start.getInt(0) == RIFF && start.getInt(8) == WAVE;
    }

    /** Reads the sound in {@code file}, or returns why it cannot be read. */
    static Outcome<Sound> read(byte[] file, int maxSeconds) {
        return new WavReader(file, maxSeconds).chunks();
    }

    /** The sample format described by the {@code fmt} chunk. */
    private record Layout(int kind, int channels, long rate, int align, int bits) {}

    private Outcome<Sound> chunks() {
        Outcome<Layout> layout = SoundFormat.bad("have a 'fmt ' chunk before its data, but has none");
        // Chunk sizes are unsigned and untrusted, so positions are longs.
        for (long at = HEADER; at + CHUNK <= file.limit(); ) {
            int id = file.getInt((int) at);
            long size = Integer.toUnsignedLong(file.getInt((int) at + 4));
            long body = at + CHUNK;
            if (id == DATA && isUnknown(size, body)) {
                int start = (int) body;
                return layout.then(found -> toTheEnd(found, start));
            }
            if (body + size > file.limit()) {
                return SoundFormat.bad("be a whole WAV file, but a chunk declares " + size + " bytes of which "
                        + (file.limit() - body) + " are there; send all of it");
            }
            if (id == FORMAT) {
                layout = layout((int) body, (int) size);
            } else if (id == DATA) {
                int start = (int) body;
                int bytes = (int) size;
                return layout.then(found -> sound(found, start, bytes));
            }
            // Chunks begin at even offsets.
            at = body + size + (size & 1);
        }
        return SoundFormat.bad("be a whole WAV file, but has no 'data' chunk; send all of it");
    }

    /** Returns whether a size of the data chunk stands for a size that the writer did not know. */
    private boolean isUnknown(long size, long body) {
        long riff = Integer.toUnsignedLong(file.getInt(4));
        // A file whose sizes were never filled in; other chunks may follow an empty data chunk of a whole file.
        boolean isNotFilledIn = size == 0 && riff <= body - CHUNK;
        return size >= UNKNOWN || isNotFilledIn;
    }

    /** Reads the samples up to the end of the file, of which the last may be incomplete. */
    private Outcome<Sound> toTheEnd(Layout layout, int at) {
        int bytes = file.limit() - at;
        return sound(layout, at, layout.align == 0 ? bytes : bytes - bytes % layout.align);
    }

    private Outcome<Layout> layout(int at, int size) {
        if (size < MIN_FORMAT) {
            return SoundFormat.bad("have a 'fmt ' chunk of at least " + MIN_FORMAT + " bytes, but it has " + size);
        }
        int kind = unsigned(at);
        if (kind == EXTENSIBLE && size >= MIN_EXTENSIBLE) {
            kind = unsigned(at + 24);
        }
        int bits = unsigned(at + 14);
        boolean known = kind == INTEGERS && (bits == 8 || bits == 16 || bits == 24 || bits == 32)
                || kind == FLOATS && bits == 32;
        if (!known) {
            return SoundFormat.bad("hold integers of 8, 16, 24 or 32 bits or floats of 32, but is of format " + kind
                    + " with " + bits + " bits; convert it");
        }
        int channels = unsigned(at + 2);
        int align = unsigned(at + 12);
        if (align != channels * bits / 8) {
            return SoundFormat.bad("have " + channels * bits / 8 + " bytes for " + channels + " samples of " + bits
                    + " bits, but declares " + align + "; repair its header");
        }
        return Outcome.ok(new Layout(kind, channels, Integer.toUnsignedLong(file.getInt(at + 4)), align, bits));
    }

    private Outcome<Sound> sound(Layout layout, int at, int bytes) {
        if (layout.align == 0 || bytes % layout.align != 0) {
            return SoundFormat.bad("hold whole samples of all " + layout.channels + " channels, but has " + bytes
                    + " bytes for samples of " + layout.align + "; send all of it");
        }
        return new SoundFormat(layout.rate, layout.channels, bytes / layout.align)
                .checked(maxSeconds)
                .then(format -> mixed(layout, format, at));
    }

    private Outcome<Sound> mixed(Layout layout, SoundFormat format, int at) {
        float[] samples = new float[(int) format.frames()];
        int width = layout.bits / 8;
        for (int i = 0; i < samples.length; i++) {
            double sum = 0;
            for (int channel = 0; channel < layout.channels; channel++) {
                sum += sample(layout, at + i * layout.align + channel * width);
            }
            samples[i] = (float) (sum / layout.channels);
            if (!Float.isFinite(samples[i])) {
                return Outcome.rejected(
                        Reason.NOT_FINITE,
                        "sound must hold finite samples, but sample " + i + " is " + samples[i]
                                + "; drop or repair it");
            }
        }
        return Outcome.ok(new Sound(samples, (int) format.rate()));
    }

    private double sample(Layout layout, int at) {
        if (layout.kind == FLOATS) {
            return file.getFloat(at);
        }
        return switch (layout.bits) {
            // Only 8-bit samples are unsigned.
            case 8 -> ((file.get(at) & 0xff) - 128) / 128.0;
            case 16 -> file.getShort(at) / 32_768.0;
            case 24 -> (file.get(at + 2) << 16 | unsigned(at)) / 8_388_608.0;
            default -> file.getInt(at) / 2_147_483_648.0;
        };
    }

    private int unsigned(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }
}
