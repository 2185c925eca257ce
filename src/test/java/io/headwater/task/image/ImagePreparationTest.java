package io.headwater.task.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import io.headwater.task.Preparation;
import io.headwater.task.Rejections;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImagePreparationTest {
    private static final Color COLOUR = new Color(200, 100, 50);
    private static final Preparation RGB = preparation(ImageLayout.NCHW, Channels.RGB);

    @Test
    void shouldOrderAxesAndChannelsAsTheManifestSays() {
        byte[] png = TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "png");

        assertThat(values(RGB, png)).startsWith(200, 200, 200, 200).endsWith(50, 50, 50, 50);
        assertThat(values(preparation(ImageLayout.NCHW, Channels.BGR), png))
                .startsWith(50, 50, 50, 50)
                .endsWith(200, 200);
        assertThat(values(preparation(ImageLayout.NHWC, Channels.RGB), png)).startsWith(200, 100, 50, 200, 100, 50);
        assertThat(values(preparation(ImageLayout.NHWC, Channels.BGR), png)).startsWith(50, 100, 200, 50, 100, 200);
    }

    @Test
    void shouldTakeTheMeanOffAndScale() {
        ImageInput input = new ImageInput(
                "x", 2, 2, ImageLayout.NHWC, Channels.BGR, List.of(10.0, 20.0, 30.0), List.of(1.0, 0.5, 2.0));
        Preparation preparation = new ImagePreparation(input, LimitsConfig.DEFAULT);

        assertThat(values(preparation, TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "png")))
                .startsWith((50 - 10) * 1, (100 - 20) * 0.5f, (200 - 30) * 2);
    }

    @Test
    void shouldGiveModelsOfGreyImagesTheLuminance() {
        ImageInput input = new ImageInput("x", 2, 2, ImageLayout.NCHW, Channels.GREY, List.of(100.0), List.of(0.5));
        Preparation preparation = new ImagePreparation(input, LimitsConfig.DEFAULT);

        float[] values = values(preparation, TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "png"));

        assertThat(values).hasSize(4);
        assertThat(values[0]).isCloseTo((0.299f * 200 + 0.587f * 100 + 0.114f * 50 - 100) * 0.5f, within(1e-4f));
    }

    @Test
    void shouldDemandAMeanAndAScaleForEachChannel() {
        assertThatThrownBy(() -> new ImageInput(
                        "x", 2, 2, ImageLayout.NCHW, Channels.GREY, List.of(1.0, 2.0, 3.0), List.of(1.0)))
                .hasMessage("input.mean must have 1 values, one for each channel of input.channels grey, but has 3;"
                        + " correct one of them");
        assertThatThrownBy(() ->
                        new ImageInput("x", 2, 2, ImageLayout.NCHW, Channels.RGB, List.of(1.0, 2.0, 3.0), List.of(1.0)))
                .hasMessageContaining("input.scale must have 3 values");
    }

    @Test
    void shouldReadJpeg() {
        float[] values = values(RGB, TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "jpeg"));

        assertThat(values[0]).isCloseTo(200, within(4f));
        assertThat(values[4]).isCloseTo(100, within(4f));
        assertThat(values[8]).isCloseTo(50, within(4f));
    }

    @Test
    void shouldTakeGreySamplesAsTheyAre() {
        // Given a grey picture with sample 90, which the platform would turn to about 160 as sRGB
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSamples(0, 0, 4, 4, 0, filled(16, 90));

        for (String format : List.of("png", "jpeg")) {
            for (float value : values(RGB, TestImages.encode(image, format))) {
                assertThat(value).isCloseTo(90, within(1f));
            }
        }
    }

    @Test
    void shouldScaleSixteenBitsToEight() {
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSamples(0, 0, 4, 4, 0, filled(16, 257 * 90));

        assertThat(values(RGB, TestImages.encode(image, "png"))[0]).isCloseTo(90, within(0.01f));
    }

    @Test
    void shouldShowWhiteBehindWhatIsTransparent() {
        Color halfBlack = new Color(0, 0, 0, 51);
        byte[] direct = TestImages.encode(TestImages.plain(4, 4, BufferedImage.TYPE_INT_ARGB, halfBlack), "png");

        assertThat(values(RGB, direct)[0]).isCloseTo(204, within(0.01f));
    }

    @Test
    void shouldReadPalettes() {
        BufferedImage image = plain(BufferedImage.TYPE_BYTE_INDEXED);
        float expected = image.getRGB(0, 0) >> 16 & 0xff;

        assertThat(values(RGB, TestImages.encode(image, "png"))[0]).isEqualTo(expected);
    }

    @Test
    void shouldReadJpegsOfFourInks() {
        // Red left by cyan 51 is 204; black 0 takes nothing.
        float[] values = values(RGB, TestImages.cmyk(16, 51, 102, 204, 0));

        assertThat(values[0]).isCloseTo(204, within(4f));
        assertThat(values[4]).isCloseTo(153, within(4f));
        assertThat(values[8]).isCloseTo(51, within(4f));
    }

    @Test
    void shouldShrinkLargePicturesOfAnyShape() {
        for (int[] size : new int[][] {{600, 400}, {3000, 1}, {1, 3000}, {5, 7}}) {
            BufferedImage image = TestImages.plain(size[0], size[1], BufferedImage.TYPE_INT_RGB, COLOUR);
            assertThat(values(RGB, TestImages.encode(image, "png"))[0]).isCloseTo(200, within(0.01f));
        }
    }

    @Test
    void shouldRejectABombByItsHeader() {
        byte[] png = TestImages.declaring(TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "png"), 50_000, 50_000);
        byte[] jpeg = TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), "jpeg");
        declareJpeg(jpeg, 50_000);

        Rejections.assertRejected(prepare(RGB, png), Reason.TOO_LARGE, "declares 50000x50000");
        Rejections.assertRejected(prepare(RGB, jpeg), Reason.TOO_LARGE, "declares 50000x50000");
    }

    @Test
    void shouldRejectFilesThatAreTooLarge() {
        byte[] file = new byte[LimitsConfig.DEFAULT.imageBytes() + 1];

        Rejections.assertRejected(prepare(RGB, file), Reason.TOO_LARGE, "bytes");
    }

    @Test
    void shouldRejectWhatIsNoImage() {
        for (byte[] file :
                List.of(new byte[0], new byte[] {1}, new byte[100], "II*\0....".getBytes(StandardCharsets.US_ASCII))) {
            Rejections.assertRejected(prepare(RGB, file), Reason.BAD_PAYLOAD, "signature of none");
        }
    }

    @Test
    void shouldRejectEveryTruncatedFile() {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(3);
        for (int i = 0; i < 1200; i++) {
            image.setRGB(i % 40, i / 40, random.nextInt());
        }
        for (String format : List.of("png", "jpeg", "gif", "bmp")) {
            byte[] whole = TestImages.encode(image, format);
            assertThat(prepare(RGB, whole)).isInstanceOf(Outcome.Ok.class);
            for (int length = 1; length < whole.length - 8; length += 3) {
                Rejections.assertRejected(
                        prepare(RGB, Arrays.copyOf(whole, length)), Reason.BAD_PAYLOAD, "whole JPEG, PNG");
            }
        }
    }

    @Test
    void shouldNeverThrowAtDamagedFiles() {
        Random random = new Random(4);
        for (String format : List.of("png", "jpeg", "gif", "bmp")) {
            byte[] whole = TestImages.encode(plain(BufferedImage.TYPE_INT_RGB), format);
            for (int i = 0; i < 300; i++) {
                byte[] damaged = whole.clone();
                for (int k = 0; k < 3; k++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                assertThat(prepare(RGB, damaged)).isNotNull();
            }
        }
    }

    @Test
    void shouldRejectOtherKinds() {
        Rejections.assertRejected(RGB.prepare(new Payload.Text("a")), Reason.WRONG_KIND, "but is text");
    }

    private static BufferedImage plain(int type) {
        return TestImages.plain(16, 16, type, COLOUR);
    }

    private static int[] filled(int length, int value) {
        int[] samples = new int[length];
        Arrays.fill(samples, value);
        return samples;
    }

    private static void declareJpeg(byte[] jpeg, int size) {
        for (int i = 2; i < jpeg.length - 8; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
                ByteBuffer.wrap(jpeg).putShort(i + 5, (short) size).putShort(i + 7, (short) size);
            }
        }
    }

    private static Preparation preparation(ImageLayout layout, Channels channels) {
        List<Double> zero = List.of(0.0, 0.0, 0.0);
        List<Double> one = List.of(1.0, 1.0, 1.0);
        ImageInput input = new ImageInput("x", 2, 2, layout, channels, zero, one);
        return new ImagePreparation(input, LimitsConfig.DEFAULT);
    }

    private static Outcome<ModelInput> prepare(Preparation preparation, byte[] file) {
        return preparation.prepare(new Payload.EncodedImage(file));
    }

    private static float[] values(Preparation preparation, byte[] file) {
        Outcome<ModelInput> outcome = prepare(preparation, file);
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((ModelInput.Pixels) ((Outcome.Ok<ModelInput>) outcome).value()).values();
    }
}
