package io.headwater.config.key;

import io.headwater.domain.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Types of values that are texts or constants. */
public final class TextTypes {
    private static final String NAME = "[A-Za-z0-9._-]{1,100}";
    /** YAML parses an unquoted 7 or true as a number or a boolean; it is accepted as text, exactly as written. */
    private static final Map<String, Object> ANY_SCALAR = Map.of("type", List.of("string", "number", "boolean"));

    private TextTypes() {}

    /** Returns the type of a text with 1 to {@code maximum} printable characters. */
    public static ScalarType<String> text(int maximum) {
        return text("1 to " + maximum + " printable characters", text -> KeyText.isPrintable(text, maximum));
    }

    /** Returns the type of a text that satisfies a rule. */
    public static ScalarType<String> text(String rule, Predicate<String> range) {
        return new ScalarType<>(rule, Optional::of, range, Function.identity(), ANY_SCALAR);
    }

    /** Returns the type of a name with 1 to 100 letters, digits, '.', '_' or '-'. */
    public static ScalarType<String> name() {
        return new ScalarType<>(
                "1 to 100 letters, digits, '.', '_' or '-'",
                Optional::of,
                Pattern.compile(NAME).asMatchPredicate(),
                Function.identity(),
                Map.of("type", List.of("string", "number", "boolean"), "pattern", "^" + NAME + "$"));
    }

    /** Returns the type of an enum constant, written in lower case with '-'. */
    public static <E extends Enum<E>> ScalarType<E> choice(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        List<String> words = constants.stream().map(KeyText::kebab).toList();
        return new ScalarType<>(
                String.join(" or ", words),
                text -> constants.stream()
                        .filter(constant -> KeyText.kebab(constant).equals(text))
                        .findFirst(),
                constant -> true,
                KeyText::kebab,
                Map.of("enum", words));
    }

    /** Returns the type of a boolean. */
    public static ScalarType<Boolean> flag() {
        return new ScalarType<>(
                "true or false",
                text -> switch (text) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.empty();
                },
                value -> true,
                String::valueOf,
                Map.of("type", "boolean"));
    }

    /** Returns the type of a file digest. */
    public static ScalarType<Digest> digest() {
        return new ScalarType<>(
                "the file's SHA-256: 'sha256:' and 64 lower-case hexadecimal digits",
                TextTypes::parseDigest,
                digest -> true,
                Digest::toString,
                Map.of("type", "string", "pattern", "^sha256:[0-9a-f]{64}$"));
    }

    private static Optional<Digest> parseDigest(String text) {
        try {
            return Optional.of(Digest.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
