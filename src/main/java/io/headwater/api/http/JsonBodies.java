package io.headwater.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Reads the bodies of requests that are JSON. */
public final class JsonBodies {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT = 1 << 30;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .build())
            .build();
    private static final ObjectMapper MAPPER = new JsonMapper(JSON);

    private JsonBodies() {}

    /** Reads JSON, token by token. */
    @FunctionalInterface
    public interface Reading<T> {
        /** Reads from {@code parser}, which stands on the first token of a value, to the last one. */
        T read(JsonParser parser) throws IOException;
    }

    /**
     * Reads a body that must be one JSON object.
     *
     * @throws Problem.Raised when it is something else
     */
    public static <T> T object(byte[] body, int offset, int length, Reading<T> reading) {
        try (JsonParser parser = MAPPER.createParser(body, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.malformed("the body must be a JSON object, but begins with something else")
                        .raised();
            }
            T value = reading.read(parser);
            if (parser.nextToken() != null) {
                throw Problem.malformed("the body must be one JSON object, but something follows it")
                        .raised();
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw Problem.malformed(
                            "the body must not be nested deeper than %d, or have longer names or numbers than usual: %s"
                                    .formatted(MAX_DEPTH, e.getOriginalMessage()))
                    .raised();
        } catch (JsonEOFException e) {
            throw Problem.malformed("the body must be a JSON object, but ends too early")
                    .raised();
        } catch (JsonParseException e) {
            throw Problem.malformed("the body must be JSON, but is not at line %d, column %d: %s"
                            .formatted(
                                    e.getLocation().getLineNr(), e.getLocation().getColumnNr(), e.getOriginalMessage()))
                    .raised();
        } catch (IOException e) {
            throw Problem.malformed("the body must be JSON in UTF-8, but is not: " + e.getMessage())
                    .raised();
        }
    }

    /** Returns the string on which {@code parser} stands. */
    public static String string(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw Problem.malformed("field '%s' must be a string".formatted(name))
                    .raised();
        }
        return parser.getText();
    }
}
