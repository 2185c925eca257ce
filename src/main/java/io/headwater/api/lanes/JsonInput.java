package io.headwater.api.lanes;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.api.http.JsonBodies;
import io.headwater.api.http.NumberArrays;
import io.headwater.api.http.NumberArrays.Numbers;
import io.headwater.api.http.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads requests for a prediction that are JSON. */
final class JsonInput {
    private JsonInput() {}

    /** Reads the body of a request for a prediction. */
    static InputBuilder.Input read(byte[] body) {
        return JsonBodies.object(body, 0, body.length, parser -> {
            InputBuilder input = new InputBuilder();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                Object value = field(parser, name);
                if (!isAbsent(value)) {
                    input.put(name, value);
                }
            }
            return input.build();
        });
    }

    /** Clients that are generated from the description of the API send empty arrays for fields that are not set. */
    private static boolean isAbsent(Object value) {
        return value instanceof List<?> texts && texts.isEmpty()
                || value instanceof Numbers numbers && numbers.shape().equals(List.of(0));
    }

    private static Object field(JsonParser parser, String name) throws IOException {
        return switch (name) {
            case "text", "question", "context", "id" -> JsonBodies.string(parser, name);
            case "pair" -> pair(parser);
            case "numbers", "shape" -> NumberArrays.read(parser, name);
            case "image", "audio" -> base64(parser, name);
            case "sampleRate" -> integer(parser, name);
            default ->
                throw Problem.malformed("a request has no field '%s'; its fields are %s"
                                .formatted(shown(name), InputBuilder.FIELDS))
                        .raised();
        };
    }

    private static int integer(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || !isInt(parser)) {
            throw Problem.malformed("field '%s' must be an integer".formatted(name))
                    .raised();
        }
        return parser.getIntValue();
    }

    private static boolean isInt(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.INT;
    }

    private static byte[] base64(JsonParser parser, String name) throws IOException {
        JsonBodies.string(parser, name);
        try {
            return parser.getBinaryValue();
        } catch (JsonParseException e) {
            throw Problem.malformed("field '%s' must be a file in base64, but is not: %s"
                            .formatted(name, e.getOriginalMessage()))
                    .raised();
        }
    }

    private static List<String> pair(JsonParser parser) throws IOException {
        List<String> texts = new ArrayList<>();
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() == JsonToken.VALUE_STRING && texts.size() <= 2) {
                texts.add(parser.getText());
            }
        }
        boolean isPair = texts.isEmpty() || texts.size() == 2;
        if (!isPair || parser.currentToken() != JsonToken.END_ARRAY) {
            throw Problem.malformed("field 'pair' must be an array of two strings")
                    .raised();
        }
        return texts;
    }

    private static String shown(String name) {
        return name.substring(0, Math.min(40, name.length()));
    }
}
