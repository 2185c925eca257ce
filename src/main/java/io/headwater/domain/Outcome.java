package io.headwater.domain;

import java.util.function.Function;

/** The result of an operation that invalid input can make fail: a value, or the reason why there is no value. */
public sealed interface Outcome<T> {

    /** The operation succeeded. */
    record Ok<T>(T value) implements Outcome<T> {}

    /** The operation failed, for the given reason. */
    record Rejected<T>(Rejection rejection) implements Outcome<T> {}

    /** Returns a successful result with {@code value}. */
    static <T> Outcome<T> ok(T value) {
        return new Ok<>(value);
    }

    /**
     * Returns a failed result. The {@code message} names the input, the violated rule, the offending value and the
     * remedy.
     */
    static <T> Outcome<T> rejected(Rejection.Reason reason, String message) {
        return new Rejected<>(new Rejection(reason, message));
    }

    /** Applies {@code next} to the value of a successful result; returns a failed result unchanged. */
    default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
        if (this instanceof Ok<T> ok) {
            return next.apply(ok.value());
        }
        return new Rejected<>(((Rejected<T>) this).rejection());
    }
}
