package io.headwater.bench.learner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arrays in the format of {@code numpy.save}, version 1.0: little-endian, row by row. */
final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int LENGTH_BYTES = 2;
    private static final int ALIGNMENT = 64;
    private static final Pattern HEADER = Pattern.compile("'descr': '(<[fi]4)'.*'shape': \\((\\d+),(?: (\\d+))?");

    private Npy() {}

    /** Writes a matrix of float32; all rows have the same length. */
    static void write(Path file, List<float[]> rows) throws IOException {
        int width = rows.isEmpty() ? 0 : rows.get(0).length;
        ByteBuffer bytes = header("<f4", rows.size() + ", " + width, (long) rows.size() * width);
        for (float[] row : rows) {
            for (float value : row) {
                bytes.putFloat(value);
            }
        }
        Files.write(file, bytes.array());
    }

    /** Writes a vector of int32. */
    static void write(Path file, int[] values) throws IOException {
        ByteBuffer bytes = header("<i4", values.length + ",", values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        Files.write(file, bytes.array());
    }

    private static ByteBuffer header(String type, String shape, long values) {
        String text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
        int before = MAGIC.length + LENGTH_BYTES;
        int padding = Math.floorMod(-(before + text.length() + 1), ALIGNMENT);
        byte[] header = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(before + header.length + values * Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        return bytes.put(MAGIC).putShort((short) header.length).put(header);
    }

    /** Reads a matrix of float32. */
    static float[][] matrix(Path file) throws IOException {
        ByteBuffer bytes = read(file);
        Matcher header = parse(file, bytes, "<f4");
        float[][] rows = new float[Integer.parseInt(header.group(2))][Integer.parseInt(header.group(3))];
        for (float[] row : rows) {
            bytes.asFloatBuffer().get(row);
            bytes.position(bytes.position() + row.length * Float.BYTES);
        }
        return rows;
    }

    /** Reads a vector of int32. */
    static int[] vector(Path file) throws IOException {
        ByteBuffer bytes = read(file);
        int[] values = new int[Integer.parseInt(parse(file, bytes, "<i4").group(2))];
        bytes.asIntBuffer().get(values);
        return values;
    }

    private static ByteBuffer read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Leaves the buffer at the first value. */
    private static Matcher parse(Path file, ByteBuffer bytes, String type) throws IOException {
        byte[] header = new byte[bytes.position(MAGIC.length).getShort()];
        bytes.get(header);
        Matcher parsed = HEADER.matcher(new String(header, StandardCharsets.US_ASCII));
        if (!parsed.find() || !parsed.group(1).equals(type)) {
            throw new IOException("'" + file + "' must hold an array of type " + type + ", but does not");
        }
        return parsed;
    }
}
