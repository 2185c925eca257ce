package io.headwater.task.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.Rejections;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** GIF and BMP: what they hold, and what of them is refused. */
class ImageFormatsTest {
    private static final Color COLOUR = new Color(200, 100, 50);
    private static final long LIMIT = 1_000_000;
    /** What a file of few pixels may take, readers and their tables included. */
    private static final long FEW_BYTES = 32L << 20;

    private static final ImageDecoder DECODER = new ImageDecoder(32, 20, LIMIT);

    @Example
    void shouldReadTheFirstPictureOfAGif() {
        RgbPlanes planes = planes(TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "gif"));

        assertColour(planes, 30);
    }

    @Example
    void shouldReadBmpsOfAnyDepth() {
        assertColour(planes(TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "bmp")), 0);
        assertColour(planes(TestImages.encode(plain(BufferedImage.TYPE_BYTE_INDEXED), "bmp")), 30);
        // Five bits of red and blue, six of green.
        assertColour(planes(TestImages.encode(plain(BufferedImage.TYPE_USHORT_565_RGB), "bmp")), 5);
        assertColour(planes(TestImages.encode(plain(BufferedImage.TYPE_USHORT_555_RGB), "bmp")), 5);
    }

    @Example
    void shouldRejectABombByItsHeader() {
        byte[] gif = TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "gif");
        int descriptor = indexOf(gif, new byte[] {0x2c, 0, 0, 0, 0, 16, 0, 16, 0});
        little(gif).putShort(descriptor + 5, (short) 60_000).putShort(descriptor + 7, (short) 60_000);

        Rejections.assertRejected(DECODER.decode(gif), Reason.TOO_LARGE, "declares 60000x60000");
    }

    /** Lines of a BMP are all in the file, so that one of many pixels is a large file too. */
    @Example
    void shouldRejectABmpThatDeclaresMoreThanItHas() {
        byte[] bmp = TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "bmp");
        little(bmp).putInt(18, 60_000).putInt(22, 60_000);

        Rejections.assertRejected(DECODER.decode(bmp), Reason.BAD_PAYLOAD, "is cut off before its last line");

        little(bmp).putInt(18, -16);
        Rejections.assertRejected(DECODER.decode(bmp), Reason.BAD_PAYLOAD, "BMP of -16x60000 pixels of 24 bits");
    }

    @Example
    void shouldRejectWhatAnotherReaderWouldBeAskedFor() {
        byte[] bmp = TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "bmp");
        little(bmp).putInt(30, 4);
        byte[] linked = Arrays.copyOf(bmp, 2000);
        little(linked).putInt(10, 138).putInt(14, 124).putInt(30, 0).putInt(70, 0x4c494e4b);

        Rejections.assertRejected(DECODER.decode(bmp), Reason.BAD_PAYLOAD, "is a BMP with compression 4");
        Rejections.assertRejected(DECODER.decode(linked), Reason.BAD_PAYLOAD, "is a BMP with a colour profile");
    }

    @Example
    void shouldSayThatWebpIsNotRead() {
        byte[] file = "RIFF....WEBPVP8L....".getBytes(StandardCharsets.US_ASCII);

        Rejections.assertRejected(DECODER.decode(file), Reason.BAD_PAYLOAD, "is a WebP, which is not read; convert it");
    }

    @Property(tries = 400)
    void shouldNeverThrowNorTakeMuchMemoryForBytesBehindASignature(
            @ForAll @IntRange(max = 3) int start, @ForAll @IntRange(max = 3000) int length, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] file = new byte[length];
        random.nextBytes(file);
        byte[] signature = switch (start) {
            case 0 -> "GIF89a".getBytes(StandardCharsets.US_ASCII);
            case 1 -> "BM".getBytes(StandardCharsets.US_ASCII);
            case 2 -> Arrays.copyOf(TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "bmp"), 54);
            default -> Arrays.copyOf(TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "gif"), 20);
        };
        byte[] all = Arrays.copyOf(signature, Math.max(length, signature.length));
        for (int i = signature.length; i < length; i++) {
            all[i] = file[i];
        }

        assertHarmless(all);
    }

    @Property(tries = 600)
    void shouldNeverThrowNorTakeMuchMemoryForDamagedFiles(
            @ForAll boolean gif, @ForAll @IntRange(min = 1, max = 6) int changes, @ForAll long seed) {
        byte[] file = gif
                ? TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "gif")
                : TestImages.encode(plain(BufferedImage.TYPE_USHORT_565_RGB), "bmp");
        Random random = new Random(seed);
        for (int i = 0; i < changes; i++) {
            file[random.nextInt(Math.min(file.length, 200))] = (byte) random.nextInt();
        }

        assertHarmless(file);
    }

    private static void assertHarmless(byte[] file) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        Outcome<RgbPlanes> outcome = DECODER.decode(file);

        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        if (outcome instanceof Outcome.Ok<RgbPlanes> ok) {
            for (float[] plane : ok.value().planes()) {
                for (float value : plane) {
                    assertThat(value).isBetween(-0.01f, 255.01f);
                }
            }
        }
        // A header may declare as many pixels as are allowed, with nothing behind it.
        assertThat(taken).isLessThan(FEW_BYTES + 16 * LIMIT);
    }

    private static RgbPlanes planes(byte[] file) {
        Outcome<RgbPlanes> outcome = DECODER.decode(file);
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<RgbPlanes>) outcome).value();
    }

    private static void assertColour(RgbPlanes planes, float tolerance) {
        assertThat(planes.planes()[0][37]).isCloseTo(200, within(tolerance));
        assertThat(planes.planes()[1][37]).isCloseTo(100, within(tolerance));
        assertThat(planes.planes()[2][37]).isCloseTo(50, within(tolerance));
    }

    private static BufferedImage plain(int type) {
        return TestImages.plain(16, 16, type, COLOUR);
    }

    private static ByteBuffer little(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int indexOf(byte[] file, byte[] part) {
        for (int i = 0; i + part.length <= file.length; i++) {
            if (Arrays.equals(file, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
