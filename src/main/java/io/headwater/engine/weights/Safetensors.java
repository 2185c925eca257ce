package io.headwater.engine.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads and writes tensors in the <a href="https://huggingface.co/docs/safetensors">safetensors</a> format: the
 * header's length as 8 bytes little-endian, a JSON header, then the tensors' values, little-endian and row-major.
 *
 * <p>The same contents always give the same bytes: names are sorted, the JSON has no optional whitespace, and the
 * header is padded with spaces to a multiple of 8 bytes.
 */
public final class Safetensors {
    /** The longest header that is written or read, in bytes. */
    static final int MAX_HEADER = 8 << 20;

    static final String METADATA = "__metadata__";
    private static final JsonFactory JSON = new JsonFactory();

    private Safetensors() {}

    /**
     * The contents of a file.
     *
     * @param tensors by name, sorted
     * @param metadata free text by name, sorted
     */
    public record Contents(SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
        public Contents {
            tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
            metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        }

        /**
         * The tensor of 32-bit floats named {@code name}.
         *
         * @throws SafetensorsException if there is none, or it has another type
         */
        public Tensor.F32 floats(String name) {
            if (tensors.get(name) instanceof Tensor.F32 floats) {
                return floats;
            }
            throw new SafetensorsException("there is no F32 tensor '" + name + "' among " + tensors.keySet());
        }
    }

    /**
     * Encodes a file with these contents.
     *
     * @param tensors by name; {@code __metadata__} is not a name
     * @param metadata free text by name; may be empty
     * @throws SafetensorsException if a name cannot be used or the file would be too large
     */
    public static byte[] write(Map<String, ? extends Tensor> tensors, Map<String, String> metadata) {
        SortedMap<String, Tensor> sorted = new TreeMap<>(tensors);
        if (sorted.containsKey(METADATA)) {
            throw new SafetensorsException("a tensor cannot be named " + METADATA + "; give it another name");
        }
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long size = 0;
        for (Map.Entry<String, Tensor> named : sorted.entrySet()) {
            long end = size + bytes(named.getValue());
            entries.put(
                    named.getKey(),
                    new SafetensorsHeader.Entry(
                            dtype(named.getValue()), named.getValue().shape(), size, end));
            size = end;
        }
        byte[] header = header(entries, new TreeMap<>(metadata));
        int padded = (header.length + 7) & ~7;
        if (padded > MAX_HEADER) {
            throw new SafetensorsException(
                    "the header may have " + MAX_HEADER + " bytes, but needs " + padded + "; shorten the metadata");
        }
        if (8 + padded + size > Integer.MAX_VALUE - 8) {
            throw new SafetensorsException("a file may have 2 GiB, but would need " + (8 + padded + size) + " bytes");
        }
        ByteBuffer file = ByteBuffer.allocate((int) (8 + padded + size)).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded).put(header);
        Arrays.fill(file.array(), 8 + header.length, 8 + padded, (byte) ' ');
        file.position(8 + padded);
        for (Tensor tensor : sorted.values()) {
            put(file, tensor);
        }
        return file.array();
    }

    /**
     * Decodes a file of unknown origin: everything is checked before memory of the declared size is allocated.
     *
     * @throws SafetensorsException if the bytes violate a rule of the format; no other exception is thrown
     */
    public static Contents read(byte[] file) {
        if (file.length < 8) {
            throw new SafetensorsException("a file has at least 8 bytes, but this one has " + file.length);
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.getLong();
        if (length < 2 || length > MAX_HEADER || length > file.length - 8) {
            throw new SafetensorsException("the header must have 2 to " + MAX_HEADER
                    + " bytes and end inside the file of " + file.length + ", but says " + length);
        }
        SafetensorsHeader header = SafetensorsHeader.parse(text(bytes.slice(8, (int) length)));
        int start = 8 + (int) length;
        header.checkLayout(file.length - start);
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        header.entries().forEach((name, entry) -> tensors.put(name, get(bytes, start, entry)));
        return new Contents(tensors, header.metadata());
    }

    private static byte[] header(Map<String, SafetensorsHeader.Entry> entries, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> text : metadata.entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            for (Map.Entry<String, SafetensorsHeader.Entry> named : entries.entrySet()) {
                SafetensorsHeader.Entry entry = named.getValue();
                json.writeObjectFieldStart(named.getKey());
                json.writeStringField("dtype", entry.dtype());
                json.writeFieldName("shape");
                json.writeArray(entry.shape(), 0, entry.shape().length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new SafetensorsException("names and metadata must be well-formed Unicode: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static String text(ByteBuffer header) {
        try {
            CharBuffer text = UTF_8.newDecoder().decode(header); // malformed input is reported, not replaced
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new SafetensorsException("the header must be UTF-8", e);
        }
    }

    private static String dtype(Tensor tensor) {
        if (tensor instanceof Tensor.F32) {
            return "F32";
        }
        return tensor instanceof Tensor.I32 ? "I32" : "I64";
    }

    private static long bytes(Tensor tensor) {
        if (tensor instanceof Tensor.F32 floats) {
            return 4L * floats.values().length;
        }
        return tensor instanceof Tensor.I32 ints
                ? 4L * ints.values().length
                : 8L * ((Tensor.I64) tensor).values().length;
    }

    private static void put(ByteBuffer file, Tensor tensor) {
        if (tensor instanceof Tensor.F32 floats) {
            file.asFloatBuffer().put(floats.values());
        } else if (tensor instanceof Tensor.I32 ints) {
            file.asIntBuffer().put(ints.values());
        } else if (tensor instanceof Tensor.I64 longs) {
            file.asLongBuffer().put(longs.values());
        }
        file.position(file.position() + (int) bytes(tensor));
    }

    private static Tensor get(ByteBuffer file, int start, SafetensorsHeader.Entry entry) {
        int length = (int) (entry.end() - entry.begin());
        ByteBuffer range = file.slice(start + (int) entry.begin(), length).order(ByteOrder.LITTLE_ENDIAN);
        switch (entry.dtype()) {
            case "F32" -> {
                float[] values = new float[length / 4];
                range.asFloatBuffer().get(values);
                return new Tensor.F32(entry.shape(), values);
            }
            case "I32" -> {
                int[] values = new int[length / 4];
                range.asIntBuffer().get(values);
                return new Tensor.I32(entry.shape(), values);
            }
            default -> {
                long[] values = new long[length / 8];
                range.asLongBuffer().get(values);
                return new Tensor.I64(entry.shape(), values);
            }
        }
    }
}
