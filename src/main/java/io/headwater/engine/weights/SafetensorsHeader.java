package io.headwater.engine.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON header of a safetensors file, read token by token so that memory stays within the header's own length. */
record SafetensorsHeader(Map<String, Entry> entries, TreeMap<String, String> metadata) {
    private static final int MAX_RANK = 8;
    private static final List<String> DTYPES = List.of("F32", "I32", "I64");
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names of unknown origin must not stay in memory after the file has been read.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Safetensors.MAX_HEADER)
                    .build())
            .build();

    /** One tensor: its type, its shape and its range in bytes, relative to the end of the header. */
    record Entry(String dtype, int[] shape, long begin, long end) {
        int valueBytes() {
            return dtype.equals("I64") ? 8 : 4;
        }
    }

    static SafetensorsHeader parse(String text) {
        SafetensorsHeader header = new SafetensorsHeader(new LinkedHashMap<>(), new TreeMap<>());
        if (!text.startsWith("{")) {
            throw new SafetensorsException("the header must begin with {");
        }
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                expect(json.nextToken(), JsonToken.START_OBJECT, name);
                if (name.equals(Safetensors.METADATA)) {
                    header.readMetadata(json);
                } else {
                    header.entries.put(name, entry(json, name));
                }
            }
            expect(json.currentToken(), JsonToken.END_OBJECT, "header");
            if (json.nextToken() != null) {
                throw new SafetensorsException("nothing may follow the header's object");
            }
            return header;
        } catch (IOException e) {
            throw new SafetensorsException("the header must be JSON without duplicate names: " + e.getMessage(), e);
        }
    }

    /**
     * Checks that every range has the size of its tensor and that all ranges cover the {@code data} bytes without gap
     * or overlap.
     */
    void checkLayout(long data) {
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
        ordered.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> named) -> named.getValue().begin())
                .thenComparingLong(named -> named.getValue().end()));
        long next = 0;
        for (Map.Entry<String, Entry> named : ordered) {
            Entry entry = named.getValue();
            String range = "tensor '" + named.getKey() + "': data_offsets [" + entry.begin + ", " + entry.end + "] ";
            if (entry.begin != next || entry.end < entry.begin || entry.end > data) {
                throw new SafetensorsException(range + "must begin at " + next
                        + ", where the tensor before it ends, and end inside the " + data + " bytes of data");
            }
            if (entry.end - entry.begin != size(named.getKey(), entry)) {
                throw new SafetensorsException(range + "must hold " + entry.valueBytes()
                        + " bytes for each value of shape " + Arrays.toString(entry.shape));
            }
            next = entry.end;
        }
        if (next != data) {
            throw new SafetensorsException(
                    "the tensors must cover all " + data + " bytes of data, but cover only " + next);
        }
    }

    private static long size(String name, Entry entry) {
        long values = 1;
        for (int n : entry.shape) {
            values *= Math.max(n, 1); // cannot overflow: both factors are below 2^31
            if (values > Integer.MAX_VALUE) {
                throw new SafetensorsException(
                        "tensor '" + name + "' of shape " + Arrays.toString(entry.shape) + " is too large");
            }
        }
        return Arrays.stream(entry.shape).anyMatch(n -> n == 0) ? 0 : entry.valueBytes() * values;
    }

    private void readMetadata(JsonParser json) throws IOException {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            expect(json.nextToken(), JsonToken.VALUE_STRING, Safetensors.METADATA + "." + name);
            metadata.put(name, json.getText());
        }
        expect(json.currentToken(), JsonToken.END_OBJECT, Safetensors.METADATA);
    }

    private static Entry entry(JsonParser json, String name) throws IOException {
        String dtype = "";
        int[] shape = new int[0];
        long[] offsets = {};
        int seen = 0;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(json.currentToken(), JsonToken.VALUE_STRING, name + ".dtype");
                    dtype = json.getText();
                }
                case "shape" -> shape = shape(json, name);
                case "data_offsets" -> offsets = numbers(json, name + ".data_offsets", 2);
                default -> throw new SafetensorsException("tensor '" + name + "' has an unknown key '" + key + "'");
            }
            seen++; // duplicates are refused by the parser
        }
        expect(json.currentToken(), JsonToken.END_OBJECT, name);
        if (seen != 3 || offsets.length != 2) {
            throw new SafetensorsException(
                    "tensor '" + name + "' needs dtype, shape and data_offsets (begin and end), each once");
        }
        if (!DTYPES.contains(dtype)) {
            throw new SafetensorsException(
                    "tensor '" + name + "': dtype must be F32, I32 or I64, but is '" + dtype + "'");
        }
        return new Entry(dtype, shape, offsets[0], offsets[1]);
    }

    private static int[] shape(JsonParser json, String name) throws IOException {
        long[] numbers = numbers(json, name + ".shape", MAX_RANK);
        int[] shape = new int[numbers.length];
        for (int i = 0; i < shape.length; i++) {
            if (numbers[i] > Integer.MAX_VALUE) {
                throw new SafetensorsException("tensor '" + name + "': dimension " + numbers[i] + " is too large");
            }
            shape[i] = (int) numbers[i];
        }
        return shape;
    }

    private static long[] numbers(JsonParser json, String where, int most) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY, where);
        long[] numbers = new long[most];
        int n = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, where);
            if (n == most || json.getLongValue() < 0) {
                throw new SafetensorsException(where + " must be at most " + most + " numbers from 0");
            }
            numbers[n++] = json.getLongValue();
        }
        return Arrays.copyOf(numbers, n);
    }

    private static void expect(JsonToken actual, JsonToken expected, String where) {
        if (actual != expected) {
            throw new SafetensorsException(where + " must be " + expected + ", but is " + actual);
        }
    }
}
