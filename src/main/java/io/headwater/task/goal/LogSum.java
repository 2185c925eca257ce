package io.headwater.task.goal;

/** Adds numbers that are represented by their logarithms. */
final class LogSum {
    private LogSum() {}

    /** log(exp({@code a}) + exp({@code b})); minus infinity represents 0. */
    static double of(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY
                ? larger
                : larger + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - larger));
    }
}
