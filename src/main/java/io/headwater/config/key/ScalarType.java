package io.headwater.config.key;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The type of a single value.
 *
 * @param form parses the value; empty when the text has another form
 * @param range whether a value satisfies the rule
 * @param text formats the value as people write it
 */
public record ScalarType<T>(
        String rule,
        Function<String, Optional<T>> form,
        Predicate<T> range,
        Function<T, String> text,
        Map<String, Object> schema)
        implements ValueType<T> {

    /** Parses {@code text}; empty when it violates the rule. */
    public Optional<T> parse(String text) {
        return form.apply(text).filter(range);
    }

    @Override
    public boolean holds(T value) {
        return range.test(value);
    }

    @Override
    public Optional<T> read(WrittenValue source) {
        return source.one(this);
    }

    @Override
    public String written(T value) {
        return text.apply(value);
    }
}
