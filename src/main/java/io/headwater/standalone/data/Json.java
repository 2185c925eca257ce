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

/** JSON in data files: strict, and bounded in depth and in the length of a text. */
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
     * The value that {@code text} is.
     *
     * @param what it is called in a message
     * @throws IllegalArgumentException when it is none; the message says why
     */
    static JsonNode parse(String what, String text) {
        try {
            return WHOLE.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(what + " must be JSON, but is not: " + reason(e), e);
        }
    }

    /** Why it is not JSON, in one line, without the library's words about where it does not show the text. */
    static String reason(JsonProcessingException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("it ends too early");
        return first.replaceFirst(" \\(start marker at .*", "");
    }

    /** The beginning of a value, for messages. */
    static String shown(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    }
}
