package io.headwater.api.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.domain.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads an array of numbers, or of such arrays, into one array of floats. It makes no object for each number, so that memory stays
 * within twice the size of the text.
 */
public final class NumberArrays {
    private final JsonParser parser;
    private final String what;
    private final List<Integer> shape = new ArrayList<>();
    private float[] values = new float[16];
    private int count;

    /** Numbers in row-major order. */
    public record Numbers(List<Integer> shape, float[] values) {}

    private NumberArrays(JsonParser parser, String what) {
        this.parser = parser;
        this.what = what;
    }

    /**
     * Reads the value on which {@code parser} stands; a number alone is an array of one.
     *
     * @param what name of the array in messages
     */
    public static Numbers read(JsonParser parser, String what) throws IOException {
        NumberArrays reading = new NumberArrays(parser, what);
        if (parser.currentToken().isNumeric()) {
            reading.number();
            reading.shape.add(1);
        } else {
            reading.array(0);
        }
        return new Numbers(reading.shape, Arrays.copyOf(reading.values, reading.count));
    }

    private void array(int depth) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw fault("must be an array of numbers, but has " + kind(parser.currentToken()));
        }
        if (depth == Limits.RANK) {
            throw fault("must have at most %d dimensions".formatted(Limits.RANK));
        }
        if (shape.size() == depth) {
            shape.add(-1);
        }
        int size = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            boolean isDeepest = shape.size() == depth + 1;
            if (token.isNumeric()) {
                if (!isDeepest) {
                    throw fault("must have numbers only in its innermost arrays");
                }
                number();
            } else if (isDeepest && count > 0) {
                throw fault("must be an array of numbers, but has " + kind(token));
            } else {
                array(depth + 1);
            }
            size++;
        }
        if (shape.get(depth) < 0) {
            shape.set(depth, size);
        } else if (shape.get(depth) != size) {
            throw fault("must have arrays of one length, but has some of %d and %d".formatted(shape.get(depth), size));
        }
    }

    private void number() throws IOException {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = parser.getFloatValue();
    }

    private RuntimeException fault(String rule) {
        return Problem.malformed("'%s' %s".formatted(what, rule)).raised();
    }

    private static String kind(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "a string";
            case START_OBJECT -> "an object";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "something else";
        };
    }
}
