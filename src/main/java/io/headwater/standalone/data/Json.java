package io.headwater.standalone.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Parses JSON in data files strictly, with limits on nesting depth and string length. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(50)
                    .maxStringLength(BoundedLines.MAX_LENGTH)
                    .build())
            .build();
    static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();
    private static final ObjectReader WHOLE =
            MAPPER.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int SHOWN = 40;

    private Json() {}

    /**
     * Parses {@code text} as a JSON value.
     *
     * @param what name of the value in error messages
     * @throws IllegalArgumentException if it is not valid JSON; the message says why
     */
    static JsonNode parse(String what, String text) {
        try {
            return WHOLE.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(what + " must be JSON, but is not: " + reason(e), e);
        }
    }

    /** Returns in one line why the text is not valid JSON, without the library's redacted source location. */
    static String reason(JsonProcessingException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("it ends too early");
        return first.replaceFirst(" \\(start marker at .*", "");
    }

    /** Returns the beginning of a value, for error messages. */
    static String shown(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    }
}
