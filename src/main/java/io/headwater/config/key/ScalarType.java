package io.headwater.config.key;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The type of one value.
 *
 * @param form reads the value as it is written; empty when it is written in another way
 * @param range whether a value keeps the rule
 * @param text the value as people write it
 */
public record ScalarType<T>(
        String rule,
        Function<String, Optional<T>> form,
        Predicate<T> range,
        Function<T, String> text,
        Map<String, Object> schema)
        implements ValueType<T> {

    /** The value written as {@code text}, or empty when that breaks the rule. */
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
