package io.headwater.engine.device;

/**
 * What ONNX Runtime computes on.
 *
 * @param threads of one run, for what runs on the CPU, positive; bits depend on it
 * @param device for all that it can run
 */
public record Compute(int threads, Device device) {
    /** One thread of the CPU. */
    public static final Compute ONE_THREAD = new Compute(1, Device.CPU);

    public Compute {
        if (threads < 1) {
            throw new IllegalArgumentException("a run needs at least 1 thread, but got " + threads);
        }
    }

    /** So many threads of the CPU. */
    public static Compute ofThreads(int threads) {
        return new Compute(threads, Device.CPU);
    }
}
