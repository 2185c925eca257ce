package io.headwater.page;

import io.headwater.api.http.Problem;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a form of the page. */
final class FormInput {
    private static final int MOST = 16;

    private final Map<String, List<String>> fields;

    private FormInput(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    static FormInput read(byte[] body) {
        try {
            return new FormInput(new QueryStringDecoder(
                            new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false, MOST)
                    .parameters());
        } catch (IllegalArgumentException e) {
            throw Problem.malformed("the body must be a form").raised();
        }
    }

    String text(String name) {
        List<String> values = fields.get(name);
        return values == null ? "" : values.get(0);
    }

    /** Returns a number of a version; null when the field is empty. */
    @Nullable
    Long number(String name) {
        String text = text(name);
        try {
            return text.isEmpty() ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw Problem.malformed("field '%s' must be a number".formatted(name))
                    .raised();
        }
    }
}
