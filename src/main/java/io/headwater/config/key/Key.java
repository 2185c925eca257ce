package io.headwater.config.key;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key of a configuration file with its path, the type of its value, its default and its meaning. A {@link KeyTable}
 * declares it. Keys are compared by identity, because two tables may have a key with the same path.
 *
 * @param <T> Java type of the value
 */
public final class Key<T> {
    private final String path;
    private final ValueType<T> type;
    private final boolean isRequired;
    private final @Nullable T usual;
    private final Function<KeyValues, Optional<T>> otherwise;
    private final String meaning;

    Key(
            String path,
            ValueType<T> type,
            boolean isRequired,
            @Nullable T usual,
            Function<KeyValues, Optional<T>> otherwise,
            String meaning) {
        this.path = path;
        this.type = type;
        this.isRequired = isRequired;
        this.usual = usual;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    /** Returns the path from the root of the file, such as {@code training.batch-size}. */
    public String path() {
        return path;
    }

    /** Returns the type of its value. */
    public ValueType<T> type() {
        return type;
    }

    /** Returns whether a file must contain this key. */
    public boolean isRequired() {
        return isRequired;
    }

    /** Returns the default that is documented; empty when there is none. */
    public Optional<T> usual() {
        return Optional.ofNullable(usual);
    }

    /** Returns the meaning of the key as a single line of Markdown without '|'. */
    public String meaning() {
        return meaning;
    }

    /** Returns the default in a file with the other values {@code values}; empty when there is none. */
    Optional<T> otherwise(KeyValues values) {
        return otherwise.apply(values);
    }

    /**
     * Returns {@code value}.
     *
     * @throws IllegalArgumentException when {@code value} is neither the default nor within the range
     */
    public T check(T value) {
        if (!value.equals(usual) && !type.holds(value)) {
            throw new IllegalArgumentException(broken(String.valueOf(value)));
        }
        return value;
    }

    /** Returns the message for an offending value. */
    public String broken(String value) {
        return path + " must be " + type.rule() + ", but is '" + KeyText.shown(value) + "'";
    }

    @Override
    public String toString() {
        return path;
    }
}
