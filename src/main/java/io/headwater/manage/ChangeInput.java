package io.headwater.manage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.api.http.JsonBodies;
import io.headwater.api.http.Problem;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Lane;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests that change something: JSON objects of strings and whole numbers. */
final class ChangeInput {
    private final Map<String, String> fields;

    private ChangeInput(Map<String, String> fields) {
        this.fields = fields;
    }

    /** Reads a body that has no other fields than {@code known}. */
    static ChangeInput read(byte[] body, Set<String> known) {
        return JsonBodies.object(body, 0, body.length, parser -> {
            Map<String, String> fields = new TreeMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (!known.contains(name)) {
                    throw Problem.malformed("there is no field '%s' here; the fields are %s"
                                    .formatted(
                                            name.substring(0, Math.min(40, name.length())), String.join(", ", known)))
                            .raised();
                }
                fields.put(name, value(parser, name));
            }
            return new ChangeInput(fields);
        });
    }

    private static String value(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING && parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw Problem.malformed("field '%s' must be a string or a whole number".formatted(name))
                    .raised();
        }
        return parser.getText();
    }

    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    @Nullable
    Long number(String name) {
        String text = fields.get(name);
        return text == null ? null : number(name, text);
    }

    /** Returns a whole number from 0 on. */
    static long number(String name, String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problem.malformed("field '%s' must be a whole number from 0 on, but is '%s'"
                        .formatted(name, text.substring(0, Math.min(40, text.length()))))
                .raised();
    }

    /** Returns the action of this name, as of the command line. */
    static Action action(String name) {
        for (Action action : Changes.ACTIONS) {
            if (action.name().toLowerCase(Locale.ROOT).equals(name)) {
                return action;
            }
        }
        throw Problem.malformed("action must be one of %s, but is '%s'"
                        .formatted(
                                Changes.ACTIONS.toString().toLowerCase(Locale.ROOT),
                                name.substring(0, Math.min(40, name.length()))))
                .raised();
    }

    RequestedChange change(Lane lane) {
        return new RequestedChange(
                lane,
                action(text("action")),
                number("version"),
                number("expectedVersion"),
                text("sample"),
                text("by"),
                text("reason"));
    }
}
