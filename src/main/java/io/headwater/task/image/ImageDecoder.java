package io.headwater.task.image;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads untrusted JPEG, PNG, GIF and BMP files; of an animated GIF, the first image without the surrounding canvas.
 * Dimensions are read from the header and checked before memory for pixels is allocated. Orientation tags and colour
 * profiles are not applied. Safe for use by several threads.
 */
final class ImageDecoder {
    // Readers are expensive to create and not thread-safe, so each thread reuses its own.
    private static final ThreadLocal<Map<ImageFormat, ImageReader>> READERS =
            ThreadLocal.withInitial(() -> new EnumMap<>(ImageFormat.class));

    private final int width;
    private final int height;
    private final long maxPixels;

    /**
     * Creates a decoder of images of at most {@code maxPixels} that will be resized to {@code width} × {@code height}.
     */
    ImageDecoder(int width, int height, long maxPixels) {
        this.width = width;
        this.height = height;
        this.maxPixels = maxPixels;
    }

    /**
     * Decodes an image, or returns why it cannot be used. A much larger image is subsampled to no less than twice the
     * wanted size.
     */
    Outcome<RgbPlanes> decode(byte[] file) {
        ImageFormat format = ImageFormat.of(file);
        if (format == ImageFormat.UNKNOWN) {
            return corrupt("has the signature of none");
        }
        if (!format.isComplete(file)) {
            return corrupt("is cut off before its end");
        }
        Optional<String> fault = format.fault(file);
        if (fault.isPresent()) {
            return corrupt(fault.get());
        }
        return decode(format, file);
    }

    private Outcome<RgbPlanes> decode(ImageFormat format, byte[] file) {
        ImageReader reader = READERS.get().computeIfAbsent(format, ImageDecoder::reader);
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > maxPixels) {
                return Outcome.rejected(
                        Reason.TOO_LARGE,
                        "image may have at most " + maxPixels + " pixels, but declares " + reader.getWidth(0) + "x"
                                + reader.getHeight(0) + "; shrink it or raise 'limits.image-pixels'");
            }
            return Outcome.ok(read(reader, format, file));
        } catch (IOException | RuntimeException e) {
            // The Java platform's readers throw all kinds of exceptions for broken files.
            return corrupt("cannot be read: " + e.getMessage());
        } finally {
            reader.reset();
        }
    }

    private RgbPlanes read(ImageReader reader, ImageFormat format, byte[] file) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        int across = Math.max(1, reader.getWidth(0) / (2 * width));
        int down = Math.max(1, reader.getHeight(0) / (2 * height));
        param.setSourceSubsampling(across, down, 0, 0);
        if (format == ImageFormat.JPEG && CmykJpeg.components(file) == 4) {
            Raster inks = reader.readRaster(0, param);
            return CmykJpeg.planes(inks, file);
        }
        return Rasters.planes(reader.read(0, param));
    }

    private static Outcome<RgbPlanes> corrupt(String why) {
        return Outcome.rejected(Reason.BAD_PAYLOAD, "image must be a whole JPEG, PNG, GIF or BMP file, but " + why);
    }

    private static ImageReader reader(ImageFormat format) {
        return ImageIO.getImageReadersByFormatName(format.name()).next();
    }
}
