package io.headwater.task.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.Rejections;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that would take much time or memory, and files as cameras write them. */
class HostileImagesTest {
    private static final ImageDecoder DECODER = new ImageDecoder(16, 8, 25_000_000);
    private static final Duration GENEROUS = Duration.ofSeconds(30);

    @Test
    void shouldRejectAJpegOfManyScansBeforeItIsDecoded() {
        assertTooLarge(TestImages.progressive(5000, 5000, 1000), "at most 100 scans");
        assertTooLarge(TestImages.progressive(5000, 5000, 9), "scans over 200000000 pixels together, but has 9 scans");
        assertTooLarge(TestImages.progressive(16, 16, 101), "but has 101 scans of 16x16");
    }

    @Test
    void shouldReadAJpegOfAFewScans() {
        assertThat(DECODER.decode(TestImages.progressive(640, 480, 20))).isInstanceOf(Outcome.Ok.class);
        assertThat(DECODER.decode(TestImages.progressive(5000, 5000, 2))).isInstanceOf(Outcome.Ok.class);
    }

    /** In a scan that expects restarts, the decoder goes on behind a reserved marker; its bytes are no segment. */
    @Test
    void shouldCountScansBehindAReservedMarker() {
        byte[] one = TestImages.progressive(5000, 5000, 1);
        byte[] many = TestImages.progressive(5000, 5000, 500);
        int start = one.length - 2;
        byte[] hidden = Arrays.copyOf(one, many.length + 4);
        System.arraycopy(new byte[] {-1, 2, 0x7f, -1}, 0, hidden, start, 4);
        System.arraycopy(many, start, hidden, start + 4, many.length - start);

        assertTooLarge(hidden, "scans");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "gif", "bmp"})
    void shouldRejectARowOfMillionsOfPixels(String format) {
        byte[] file = TestImages.encode(TestImages.plain(70_000, 1, BufferedImage.TYPE_BYTE_BINARY, Color.RED), format);
        if (format.equals("gif")) {
            // A GIF cannot declare more than 65,535, so what the writer leaves of the width is read.
            assertThat(DECODER.decode(file)).isNotNull();
            return;
        }
        assertTooLarge(file, "at most 65535 pixels in a row or a column, but declares 70000x1");
        assertTooLarge(
                TestImages.encode(TestImages.plain(1, 70_000, BufferedImage.TYPE_BYTE_BINARY, Color.RED), format),
                "declares 1x70000");
    }

    @Test
    void shouldNotInflateTheTextsOfAPng() throws IOException {
        // Given a picture with a palette, whose other chunks the platform reads all
        byte[] png = TestImages.encode(plain(BufferedImage.TYPE_BYTE_INDEXED), "png");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("Comment\0\0".getBytes(StandardCharsets.ISO_8859_1));
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(text)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) {
                deflated.write(zeros);
            }
        }

        assertRead(TestImages.withChunk(png, "zTXt", text.toByteArray()));
        assertRead(TestImages.withChunk(png, "PLTE", new byte[1 << 20]));
    }

    @Test
    void shouldReadAGifWithALongComment() {
        byte[] gif = TestImages.encode(plain(BufferedImage.TYPE_BYTE_INDEXED), "gif");
        int header = 13 + (3 << (gif[10] & 7) + 1);
        byte[] comment = new byte[(8 << 20) - 1];
        comment[0] = 0x21;
        comment[1] = (byte) 0xfe;
        for (int i = 2; i + 2 < comment.length; i += 2) {
            comment[i] = 1;
        }
        byte[] file = Arrays.copyOf(gif, gif.length + comment.length);
        System.arraycopy(comment, 0, file, header, comment.length);
        System.arraycopy(gif, header, file, header + comment.length, gif.length - header);

        assertRead(file);
    }

    @Test
    void shouldReadAJpegWithATrailer() {
        byte[] jpeg = TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "jpeg");
        // A video behind the image, whose bytes look like the beginning of a scan.
        byte[] trailer = {0, 0, 0, 24, 'f', 't', 'y', 'p', -1, (byte) 0xda, 4, 5};
        byte[] file = Arrays.copyOf(jpeg, jpeg.length + trailer.length);
        System.arraycopy(trailer, 0, file, jpeg.length, trailer.length);

        assertThat(planes(file).planes()).isDeepEqualTo(planes(jpeg).planes());
    }

    @Test
    void shouldTurnAPictureAsItsCameraAsks() {
        // Given a picture that is red on the left and blue on the right, and dark at the top
        BufferedImage upright = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                int light = y < 32 ? 100 : 250;
                upright.setRGB(x, y, (x < 32 ? new Color(light, 0, 0) : new Color(0, 0, light)).getRGB());
            }
        }
        ImageDecoder square = new ImageDecoder(8, 8, 1_000_000);
        float[][] expected = ((Outcome.Ok<RgbPlanes>) square.decode(TestImages.encode(upright, "jpeg")))
                .value()
                .resized(8, 8)
                .planes();

        for (int orientation = 1; orientation <= 8; orientation++) {
            byte[] stored = TestImages.encode(stored(upright, orientation), "jpeg");
            for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                Outcome<RgbPlanes> read = square.decode(TestImages.oriented(stored, orientation, order));
                float[][] planes =
                        ((Outcome.Ok<RgbPlanes>) read).value().resized(8, 8).planes();
                for (int c = 0; c < 3; c++) {
                    for (int i = 0; i < 64; i++) {
                        if (isAtAnEdge(i % 8) || isAtAnEdge(i / 8)) {
                            continue;
                        }
                        assertThat(planes[c][i])
                                .as("orientation %d, plane %d, pixel %d", orientation, c, i)
                                .isCloseTo(expected[c][i], within(12f));
                    }
                }
            }
        }
    }

    /** Colours run into each other where they meet, and the decoder reads every fourth pixel only. */
    private static boolean isAtAnEdge(int place) {
        return place == 3 || place == 4;
    }

    /** Exif 2.32: where row 0 and column 0 of the stored picture are to be seen. */
    private static BufferedImage stored(BufferedImage upright, int orientation) {
        int most = upright.getWidth() - 1;
        BufferedImage stored = new BufferedImage(most + 1, most + 1, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row <= most; row++) {
            for (int column = 0; column <= most; column++) {
                int[] seen = switch (orientation) {
                    // Row 0 at the top and column 0 on the left; top, right; bottom, right; bottom, left.
                    case 1 -> new int[] {column, row};
                    case 2 -> new int[] {most - column, row};
                    case 3 -> new int[] {most - column, most - row};
                    case 4 -> new int[] {column, most - row};
                    // Row 0 on the left and column 0 at the top; right, top; right, bottom; left, bottom.
                    case 5 -> new int[] {row, column};
                    case 6 -> new int[] {most - row, column};
                    case 7 -> new int[] {most - row, most - column};
                    default -> new int[] {row, most - column};
                };
                stored.setRGB(column, row, upright.getRGB(seen[0], seen[1]));
            }
        }
        return stored;
    }

    private static void assertTooLarge(byte[] file, String message) {
        Outcome<RgbPlanes> outcome = assertTimeoutPreemptively(GENEROUS, () -> DECODER.decode(file));
        Rejections.assertRejected(outcome, Reason.TOO_LARGE, message);
    }

    private static void assertRead(byte[] file) {
        Outcome<RgbPlanes> outcome = assertTimeoutPreemptively(GENEROUS, () -> DECODER.decode(file));
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
    }

    private static RgbPlanes planes(byte[] file) {
        return ((Outcome.Ok<RgbPlanes>) DECODER.decode(file)).value();
    }

    private static BufferedImage plain(int type) {
        return TestImages.plain(16, 16, type, Color.ORANGE);
    }
}
