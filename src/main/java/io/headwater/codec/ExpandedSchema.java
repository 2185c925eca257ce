package io.headwater.codec;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Measures schemas of other programs. A schema of a few kilobytes can describe values of any depth, or a value of billions
 * of parts without a byte, which Avro takes apart one by one when it skips them.
 */
final class ExpandedSchema {
    private static final long MOST_PARTS = 10_000;

    /** Parts of each named type; that of a type in which the measurement is at present is too large. */
    private final Map<String, Long> parts = new HashMap<>();

    private ExpandedSchema() {}

    /** Returns whether {@code schema} does not contain itself, and has few parts when each use of a type is counted. */
    static boolean isSmall(Schema schema) {
        try {
            return new ExpandedSchema().parts(schema) <= MOST_PARTS;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    private long parts(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case UNION ->
                limited(1 + schema.getTypes().stream().mapToLong(this::parts).sum());
            case ARRAY -> limited(1 + parts(schema.getElementType()));
            case MAP -> limited(1 + parts(schema.getValueType()));
            default -> 1;
        };
    }

    private long record(Schema schema) {
        Long known = parts.putIfAbsent(schema.getFullName(), MOST_PARTS + 1);
        if (known != null) {
            return known;
        }
        long sum = 1;
        for (Schema.Field field : schema.getFields()) {
            sum = limited(sum + parts(field.schema()));
        }
        parts.put(schema.getFullName(), sum);
        return sum;
    }

    /** Sums stay small enough that they cannot overflow. */
    private static long limited(long sum) {
        return Math.min(sum, MOST_PARTS + 1);
    }
}
