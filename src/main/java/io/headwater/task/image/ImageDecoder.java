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
 * Dimensions are read from the header and checked before memory for pixels is allocated. The orientation that a camera
 * writes into a JPEG file is applied; colour profiles are not. Safe for use by several threads.
 */
final class ImageDecoder {
    // Readers are expensive to create and not thread-safe, so each thread reuses its own.
    private static final ThreadLocal<Map<ImageFormat, ImageReader>> READERS =
            ThreadLocal.withInitial(() -> new EnumMap<>(ImageFormat.class));

    /**
     * The largest width and height, which is also the largest that JPEG and GIF can declare. Readers hold several rows of
     * an image, however few pixels they are asked for.
     */
    private static final int MAX_SIDE = 65_535;
    /** The largest number of scans of a JPEG file; files for the web have about ten. */
    private static final int MAX_SCANS = 100;
    /** How many pixels the scans of a JPEG file may pass over together, which takes about two seconds. */
    private static final long MAX_SCANNED = 200_000_000;
    /** The same as a multiple of 'limits.image-pixels', where that is more. */
    private static final int SCANS_OF_LARGEST = 8;

    /** What files of other formats are taken for: one pass, not turned. */
    private static final JpegFile NO_JPEG = new JpegFile(0, 1, 1);

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
            return corrupt(OtherFormats.described(file));
        }
        Optional<byte[]> essential = format.essential(file);
        if (essential.isEmpty()) {
            return corrupt("is cut off before its end");
        }
        Optional<String> fault = format.fault(file);
        if (fault.isPresent()) {
            return corrupt(fault.get());
        }
        return decode(format, essential.get());
    }

    private Outcome<RgbPlanes> decode(ImageFormat format, byte[] file) {
        ImageReader reader = READERS.get().computeIfAbsent(format, ImageDecoder::reader);
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            JpegFile jpeg = format == ImageFormat.JPEG ? JpegFile.of(file).orElseThrow() : NO_JPEG;
            Optional<String> excess = excess(reader.getWidth(0), reader.getHeight(0), jpeg.scans());
            if (excess.isPresent()) {
                return Outcome.rejected(Reason.TOO_LARGE, "image may have at most " + excess.get());
            }
            RgbPlanes planes = read(reader, format, file, jpeg.orientation() >= 5);
            return Outcome.ok(planes.oriented(jpeg.orientation()));
        } catch (IOException | RuntimeException e) {
            // The Java platform's readers throw all kinds of exceptions for broken files.
            return corrupt("cannot be read: " + e.getMessage());
        } finally {
            reader.reset();
        }
    }

    /** Returns which limit an image exceeds, and what it declares; empty if it exceeds none. */
    private Optional<String> excess(int across, int down, int scans) {
        long pixels = (long) across * down;
        if (pixels > maxPixels) {
            return Optional.of("%d pixels, but declares %dx%d; shrink it or raise 'limits.image-pixels'"
                    .formatted(maxPixels, across, down));
        }
        if (Math.max(across, down) > MAX_SIDE) {
            return Optional.of("%d pixels in a row or a column, but declares %dx%d; shrink it or cut it"
                    .formatted(MAX_SIDE, across, down));
        }
        long scanned = Math.max(MAX_SCANNED, SCANS_OF_LARGEST * maxPixels);
        if (scans > MAX_SCANS || scans > 1 && scans * pixels > scanned) {
            return Optional.of(
                    "%d scans, and scans over %d pixels together, but has %d scans of %dx%d; save it as a JPEG that is not progressive"
                            .formatted(MAX_SCANS, scanned, scans, across, down));
        }
        return Optional.empty();
    }

    private RgbPlanes read(ImageReader reader, ImageFormat format, byte[] file, boolean isOnItsSide)
            throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        int across = Math.max(1, reader.getWidth(0) / (2 * (isOnItsSide ? height : width)));
        int down = Math.max(1, reader.getHeight(0) / (2 * (isOnItsSide ? width : height)));
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
