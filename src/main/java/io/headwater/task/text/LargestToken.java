package io.headwater.task.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Finds the largest token id in a {@code tokenizer.json}, which a model must have a row for. */
final class LargestToken {
    private static final JsonFactory JSON = new JsonFactory();

    private LargestToken() {}

    /**
     * Returns the largest id of the vocabulary and of the added tokens; 0 if the file has none.
     *
     * @throws IOException if the file is not JSON
     */
    static long id(byte[] json) throws IOException {
        long largest = 0;
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("model") && value == JsonToken.START_OBJECT) {
                    largest = Math.max(largest, ofModel(parser));
                } else if (name.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                    largest = Math.max(largest, ofAdded(parser));
                } else {
                    parser.skipChildren();
                }
            }
        }
        return largest;
    }

    private static long ofModel(JsonParser parser) throws IOException {
        long largest = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean vocabulary = parser.currentName().equals("vocab");
            JsonToken value = parser.nextToken();
            if (vocabulary && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    largest = Math.max(largest, number(parser, parser.nextToken()));
                }
            } else if (vocabulary && value == JsonToken.START_ARRAY) {
                // A list, in which the id of a piece is its place.
                long pieces = 0;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    parser.skipChildren();
                    pieces++;
                }
                largest = Math.max(largest, pieces - 1);
            } else {
                parser.skipChildren();
            }
        }
        return largest;
    }

    private static long ofAdded(JsonParser parser) throws IOException {
        long largest = 0;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean id = parser.currentName().equals("id");
                JsonToken value = parser.nextToken();
                if (id) {
                    largest = Math.max(largest, number(parser, value));
                } else {
                    parser.skipChildren();
                }
            }
        }
        return largest;
    }

    private static long number(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return 0;
    }
}
