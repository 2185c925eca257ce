package io.headwater.config;

import io.headwater.config.YamlDocument.Entry;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A key with one value.
 *
 * @param form reads the value as it is written; empty when it is written in another way
 * @param range whether a value keeps the rule
 */
record ScalarKey<T>(String path, String rule, Function<String, Optional<T>> form, Predicate<T> range)
        implements Key<T> {

    /** The value written as {@code text}, or empty when that breaks the rule. */
    Optional<T> parse(String text) {
        return form.apply(text).filter(range);
    }

    @Override
    public Optional<T> read(YamlValues values, Entry entry) {
        return values.scalar(this, entry.value(), entry.line());
    }

    @Override
    public boolean holds(T value) {
        return range.test(value);
    }
}
