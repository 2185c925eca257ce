package io.headwater.domain;

import java.util.function.Function;

/** The result of something that bad input makes fail: a value or the reason why there is none. */
public sealed interface Outcome<T> {

    /** It worked. */
    record Ok<T>(T value) implements Outcome<T> {}

    /** It did not, and this is why. */
    record Rejected<T>(Rejection rejection) implements Outcome<T> {}

    /** A result with {@code value}. */
    static <T> Outcome<T> ok(T value) {
        return new Ok<>(value);
    }

    /** A result that names its fault: {@code message} says the thing, the rule, the value and what to do. */
    static <T> Outcome<T> rejected(Rejection.Reason reason, String message) {
        return new Rejected<>(new Rejection(reason, message));
    }

    /** Goes on with the value, if there is one. */
    default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
        if (this instanceof Ok<T> ok) {
            return next.apply(ok.value());
        }
        return new Rejected<>(((Rejected<T>) this).rejection());
    }
}
