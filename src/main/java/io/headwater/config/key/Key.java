package io.headwater.config.key;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key of a configuration file: where it stands, what its value must be, what holds without it, and what it means. A
 * {@link KeyTable} declares it. Keys are equal only to themselves, as two tables may have a key of the same path.
 *
 * @param <T> what the value is read as
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

    /** From the root of the file, such as {@code training.batch-size}. */
    public String path() {
        return path;
    }

    /** What its value must be. */
    public ValueType<T> type() {
        return type;
    }

    /** Whether a file must give it. */
    public boolean isRequired() {
        return isRequired;
    }

    /** The default that a reader of the documentation is told; empty for none. */
    public Optional<T> usual() {
        return Optional.ofNullable(usual);
    }

    /** What it means, as Markdown on one line without '|'. */
    public String meaning() {
        return meaning;
    }

    /** The default where {@code values} are the others of the file; empty for none. */
    Optional<T> otherwise(KeyValues values) {
        return otherwise.apply(values);
    }

    /**
     * {@code value} itself.
     *
     * @throws IllegalArgumentException when it is neither the default nor within the range
     */
    public T check(T value) {
        if (!value.equals(usual) && !type.holds(value)) {
            throw new IllegalArgumentException(broken(String.valueOf(value)));
        }
        return value;
    }

    /** The message for an offending value. */
    public String broken(String value) {
        return path + " must be " + type.rule() + ", but is '" + KeyText.shown(value) + "'";
    }

    @Override
    public String toString() {
        return path;
    }
}
