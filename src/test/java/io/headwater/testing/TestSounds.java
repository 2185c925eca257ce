package io.headwater.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Generates tones, and sound files encoded without a library. */
public final class TestSounds {
    public static final int INTEGERS = 1;
    public static final int FLOATS = 3;

    private static final int FLAC_BLOCK = 4096;

    private TestSounds() {}

    /** Returns a sine wave of {@code hertz} Hz. */
    public static float[] tone(double hertz, int rate, int samples, double level) {
        float[] tone = new float[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (float) (level * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return tone;
    }

    /** Raw 16-bit samples. */
    public static byte[] pcm(float[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
            bytes.putShort((short) Math.round(sample * 32_767));
        }
        return bytes.array();
    }

    /** A WAV file of one channel with 16 bits. */
    public static byte[] wav(float[] samples, int rate) {
        return wav(header(INTEGERS, 1, rate, 16), pcm(samples));
    }

    /** A WAV file of the samples of all channels in turn, integers of 8 to 32 bits or floats of 32. */
    public static byte[] wav(float[] samples, int rate, int kind, int channels, int bits) {
        ByteBuffer data = ByteBuffer.allocate(samples.length * bits / 8).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
            long value = Math.round(sample * (Math.pow(2, bits - 1) - 1));
            switch (bits) {
                case 8 -> data.put((byte) (value + 128));
                case 16 -> data.putShort((short) value);
                case 24 -> data.putShort((short) value).put((byte) (value >> 16));
                default -> data.putInt(kind == FLOATS ? Float.floatToRawIntBits(sample) : (int) value);
            }
        }
        return wav(header(kind, channels, rate, bits), data.array());
    }

    /** Returns the content of a {@code fmt } chunk, which describes the sample format. */
    public static byte[] header(int kind, int channels, int rate, int bits) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) kind)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits)
                .array();
    }

    /** Returns a WAV file with an unknown chunk of an odd size before its data. */
    public static byte[] wav(byte[] format, byte[] data) {
        return ByteBuffer.allocate(12 + 8 + format.length + 8 + 4 + 8 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii("RIFF"))
                .putInt(4 + 8 + format.length + 8 + 4 + 8 + data.length)
                .put(ascii("WAVEfmt "))
                .putInt(format.length)
                .put(format)
                .put(ascii("odd "))
                .putInt(3)
                .put(new byte[4])
                .put(ascii("data"))
                .putInt(data.length)
                .put(data)
                .array();
    }

    /** A FLAC file of one channel with 16 bits. */
    public static byte[] flac(float[] samples, int rate) {
        int[] values = new int[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(samples[i] * 32_767);
        }
        return flac(new int[][] {values}, rate, 16, values.length);
    }

    /**
     * Returns a FLAC file with uncompressed samples, and with a comment that declares a length of 2 GiB.
     *
     * @param bits 16 or 24
     * @param declared number of samples per channel that the file declares
     */
    public static byte[] flac(int[][] channels, int rate, int bits, long declared) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        int samples = channels[0].length;
        file.writeBytes(ascii("fLaC"));
        file.writeBytes(new byte[] {0, 0, 0, 34});
        ByteBuffer info = ByteBuffer.allocate(34);
        info.putShort((short) FLAC_BLOCK).putShort((short) FLAC_BLOCK).put(new byte[6]);
        info.putLong((long) rate << 44 | (channels.length - 1L) << 41 | (bits - 1L) << 36 | declared);
        info.put(md5(channels, bits));
        file.writeBytes(info.array());
        file.writeBytes(new byte[] {(byte) 0x84, 0, 0, 8, -1, -1, -1, 0x7f, 0, 0, 0, 0});
        for (int from = 0, number = 0; from < samples; from += FLAC_BLOCK, number++) {
            int size = Math.min(FLAC_BLOCK, samples - from);
            ByteBuffer frame = ByteBuffer.allocate(16 + channels.length * (1 + size * bits / 8));
            frame.put(new byte[] {-1, (byte) 0xf8, 0x70, (byte) ((channels.length - 1) << 4), (byte) number});
            frame.putShort((short) (size - 1));
            frame.put((byte) crc(frame, 8, 0x07));
            for (int[] channel : channels) {
                // A verbatim subframe.
                frame.put((byte) 2);
                for (int i = from; i < from + size; i++) {
                    for (int shift = bits - 8; shift >= 0; shift -= 8) {
                        frame.put((byte) (channel[i] >> shift));
                    }
                }
            }
            frame.putShort((short) crc(frame, 16, 0x8005));
            file.write(frame.array(), 0, frame.position());
        }
        return file.toByteArray();
    }

    private static byte[] md5(int[][] channels, int bits) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (int i = 0; i < channels[0].length; i++) {
                for (int[] channel : channels) {
                    for (int shift = 0; shift < bits; shift += 8) {
                        md5.update((byte) (channel[i] >> shift));
                    }
                }
            }
            return md5.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the cyclic redundancy check, with initial value 0, of all bytes put so far. */
    private static int crc(ByteBuffer bytes, int width, int polynomial) {
        int crc = 0;
        for (int i = 0; i < bytes.position(); i++) {
            crc ^= (bytes.get(i) & 0xff) << width - 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >> width - 1 & 1) == 1 ? crc << 1 ^ polynomial : crc << 1;
            }
            crc &= (1 << width) - 1;
        }
        return crc;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
