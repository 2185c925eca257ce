package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.layer.GraphException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The two entries of a Deeplearning4j zip that are read: configuration and coefficients. The normalizer, the
 * preprocessor and the updater state, some of which use Java serialisation, are never opened. Used only in the
 * converter process.
 *
 * @param configuration the network configuration as JSON
 * @param coefficients all weights as one flat array
 */
record ZipParts(String configuration, float[] coefficients) {
    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    private static final int MAX_ENTRIES = 64;
    private static final int MAX_CONFIGURATION = 16 << 20;
    private static final int CHUNK = 1 << 20;

    /**
     * Reads a zip.
     *
     * @param maxValues the maximum number of weights
     */
    static ZipParts read(Path path, long maxValues) {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            if (zip.size() > MAX_ENTRIES) {
                throw new GraphException("a zip may have " + MAX_ENTRIES + " entries, but has " + zip.size());
            }
            String configuration;
            try (InputStream in = open(zip, CONFIGURATION)) {
                byte[] text = in.readNBytes(MAX_CONFIGURATION + 1);
                if (text.length > MAX_CONFIGURATION) {
                    throw new GraphException(
                            "entry '" + CONFIGURATION + "' may have " + MAX_CONFIGURATION + " bytes, but has more");
                }
                configuration = new String(text, StandardCharsets.UTF_8);
            }
            try (DataInputStream in = new DataInputStream(open(zip, COEFFICIENTS))) {
                return new ZipParts(configuration, coefficients(in, maxValues));
            }
        } catch (ZipException e) {
            throw new GraphException("the file is no zip that can be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new GraphException("the zip cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream open(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new GraphException("the zip has no entry '" + name
                    + "', so it is no Deeplearning4j model; other formats in a zip are not known here");
        }
        return zip.getInputStream(entry);
    }

    /** Reads an array in ND4J's binary format: a buffer with the shape, followed by a buffer with the values. */
    private static float[] coefficients(DataInputStream in, long maxValues) throws IOException {
        long shape = length(in, 64);
        String shapeType = in.readUTF();
        in.skipNBytes(shape * width(shapeType));
        long size = length(in, maxValues);
        String type = in.readUTF();
        boolean twice = type.equals("DOUBLE");
        if (!twice && !type.equals("FLOAT")) {
            throw new GraphException(
                    "the coefficients must be FLOAT or DOUBLE, but are " + type + "; convert the model");
        }
        int count = Math.toIntExact(size);
        float[] values = new float[Math.min(count, CHUNK)];
        byte[] bytes = new byte[8 * 1024];
        int at = 0;
        while (at < count) {
            int step = Math.min(bytes.length / width(type), count - at);
            in.readFully(bytes, 0, step * width(type));
            if (at + step > values.length) {
                // The array grows with the data that is actually read, so a false length cannot exhaust the memory.
                values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
            }
            ByteBuffer part = ByteBuffer.wrap(bytes);
            for (int i = 0; i < step; i++) {
                values[at + i] = twice ? (float) part.getDouble() : part.getFloat();
            }
            at += step;
        }
        return values;
    }

    private static long length(DataInputStream in, long most) throws IOException {
        String allocation = in.readUTF();
        long length = switch (allocation) {
            case "DIRECT", "HEAP", "JAVACPP" -> in.readInt();
            case "LONG_SHAPE", "MIXED_DATA_TYPES" -> in.readLong();
            default ->
                throw new GraphException("the coefficients begin with '"
                        + allocation.substring(0, Math.min(20, allocation.length())) + "', which is no ND4J array");
        };
        if (length < 0 || length > most) {
            throw new GraphException("a part of the coefficients may have " + most + " values, but has " + length);
        }
        return length;
    }

    private static int width(String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "LONG", "DOUBLE" -> 8;
            case "INT", "FLOAT" -> 4;
            default -> throw new GraphException("a part of the coefficients is of type '" + type + "'");
        };
    }
}
