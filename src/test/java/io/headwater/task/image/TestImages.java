package io.headwater.task.image;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Image files made for tests. */
public final class TestImages {
    private TestImages() {}

    /** A picture of one colour. */
    public static BufferedImage plain(int width, int height, int type, Color colour) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, colour.getRGB());
            }
        }
        return image;
    }

    public static byte[] encode(BufferedImage image, String format) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalStateException("no writer for " + format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JPEG of four inks without Adobe's marker. */
    public static byte[] cmyk(int size, int cyan, int magenta, int yellow, int black) {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, size, size, 4, null);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                raster.setPixel(x, y, new int[] {cyan, magenta, yellow, black});
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream();
                ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(new IIOImage(raster, null, null));
            stream.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    /** A small PNG whose header says that it is width × height. */
    public static byte[] declaring(byte[] png, int width, int height) {
        byte[] file = png.clone();
        ByteBuffer header = ByteBuffer.wrap(file);
        header.putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(file, 12, 17);
        header.putInt(29, (int) crc.getValue());
        return file;
    }

    /** A JPEG whose scans are a byte long each, and pass over width × height pixels of three components. */
    public static byte[] progressive(int width, int height, int scans) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {-1, (byte) 0xd8});
        byte[] quantisation = new byte[65];
        Arrays.fill(quantisation, 1, 65, (byte) 1);
        segment(file, 0xdb, quantisation);
        ByteBuffer frame =
                ByteBuffer.allocate(15).put((byte) 8).putShort((short) height).putShort((short) width);
        segment(
                file,
                0xc2,
                frame.put(new byte[] {3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0}).array());
        byte[] codes = new byte[18];
        codes[1] = 1;
        segment(file, 0xc4, codes);
        codes[0] = 0x10;
        segment(file, 0xc4, codes);
        for (int i = 0; i < scans; i++) {
            segment(file, 0xda, new byte[] {3, 1, 0, 2, 0, 3, 0, 0, 0, 0});
            file.write(0);
        }
        file.writeBytes(new byte[] {-1, (byte) 0xd9});
        return file.toByteArray();
    }

    /** A JPEG with Exif data that holds an orientation, of either order of bytes. */
    public static byte[] oriented(byte[] jpeg, int orientation, ByteOrder order) {
        ByteBuffer exif = ByteBuffer.allocate(32).put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.order(order).put((byte) (order == ByteOrder.BIG_ENDIAN ? 'M' : 'I'));
        exif.put(exif.get(6)).putShort((short) 42).putInt(8);
        exif.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
        exif.putShort((short) orientation).putShort((short) 0).putInt(0);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(jpeg, 0, 2);
        segment(file, 0xe1, exif.array());
        file.write(jpeg, 2, jpeg.length - 2);
        return file.toByteArray();
    }

    /** A PNG with another chunk, whose checksum is 0, behind its header. */
    public static byte[] withChunk(byte[] png, String name, byte[] content) {
        int header = 8 + 8 + 13 + 4;
        return ByteBuffer.allocate(png.length + content.length + 12)
                .put(png, 0, header)
                .putInt(content.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .putInt(0)
                .put(png, header, png.length - header)
                .array();
    }

    private static void segment(ByteArrayOutputStream file, int marker, byte[] content) {
        file.write(0xff);
        file.write(marker);
        file.write(content.length + 2 >> 8);
        file.write(content.length + 2);
        file.writeBytes(content);
    }
}
