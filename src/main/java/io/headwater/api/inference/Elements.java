package io.headwater.api.inference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.api.http.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements of a tensor in JSON, in row-major order: an array of strings or of numbers, or of such arrays. */
final class Elements {
    private static final int MAX_DEPTH = 16;
    /** More than the rows of any request; each takes many times the memory of its text. */
    private static final int MOST_TEXTS = 1024;

    private final List<byte[]> texts = new ArrayList<>();
    private float[] numbers = new float[16];
    private int count;

    private Elements() {}

    /** Reads the array on which {@code parser} stands. */
    static Elements read(JsonParser parser) throws IOException {
        Elements elements = new Elements();
        elements.array(parser, 1);
        return elements;
    }

    /** Returns the strings; null when the elements are numbers. */
    @Nullable
    List<byte[]> texts() {
        return count > 0 ? null : texts;
    }

    /** Returns the numbers; null when the elements are strings. */
    float @Nullable [] numbers() {
        return texts.isEmpty() ? Arrays.copyOf(numbers, count) : null;
    }

    private void array(JsonParser parser, int depth) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY || depth > MAX_DEPTH) {
            throw Problem.malformed("data must be an array of at most %d dimensions".formatted(MAX_DEPTH))
                    .raised();
        }
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                requireRoom(texts);
                texts.add(parser.getText().getBytes(StandardCharsets.UTF_8));
            } else if (token.isNumeric()) {
                add(parser.getFloatValue());
            } else if (token == JsonToken.START_ARRAY) {
                array(parser, depth + 1);
            } else {
                throw Problem.malformed("data must have strings or numbers, but has '%s'".formatted(parser.getText()))
                        .raised();
            }
        }
        if (count > 0 && !texts.isEmpty()) {
            throw Problem.malformed("data must have strings or numbers, but has both")
                    .raised();
        }
    }

    /** Refuses a further string beyond those that any request may have. */
    static void requireRoom(List<byte[]> texts) {
        if (texts.size() == MOST_TEXTS) {
            throw Problem.malformed("a tensor must have at most %d strings".formatted(MOST_TEXTS))
                    .raised();
        }
    }

    private void add(float number) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = number;
    }
}
