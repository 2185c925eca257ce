package io.headwater.config;

import io.headwater.config.YamlDocument.Entry;
import java.util.Optional;

/**
 * A key of a configuration file and the rule that its value keeps. The record that holds the value and the reader of the
 * file share it, so a range is written once.
 *
 * @param <T> what the value becomes
 */
sealed interface Key<T> permits ScalarKey, ListKey {

    /** From the root of the file, such as {@code training.batch-size}. */
    String path();

    /** What the value must be, to follow "must be". */
    String rule();

    /** The value at {@code entry}, or empty with a fault noted in {@code values}. */
    Optional<T> read(YamlValues values, Entry entry);

    /** Whether {@code value} keeps the rule. */
    boolean holds(T value);

    /**
     * {@code value} itself.
     *
     * @throws IllegalArgumentException when it breaks the rule
     */
    default T check(T value) {
        if (!holds(value)) {
            throw new IllegalArgumentException(broken(String.valueOf(value)));
        }
        return value;
    }

    /** The message for an offending value. */
    default String broken(String value) {
        return path() + " must be " + rule() + ", but is '" + Texts.shown(value) + "'";
    }
}
