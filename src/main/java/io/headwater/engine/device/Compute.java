package io.headwater.engine.device;

/**
 * The resources with which ONNX Runtime computes.
 *
 * @param threads number of CPU threads of one run, positive; the bits of results depend on it
 * @param device the device for all operators that it supports
 */
public record Compute(int threads, Device device) {
    /** One thread of the CPU. */
    public static final Compute ONE_THREAD = new Compute(1, Device.CPU);

    public Compute {
        if (threads < 1) {
            throw new IllegalArgumentException("a run needs at least 1 thread, but got " + threads);
        }
    }

    /** {@code threads} threads of the CPU. */
    public static Compute ofThreads(int threads) {
        return new Compute(threads, Device.CPU);
    }
}
