package io.headwater.engine.device;

/** Where a part computes. */
public sealed interface Device {

    /** On the processor, as it was asked to. */
    record Cpu() implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** On a GPU. */
    record Cuda(Gpu gpu) implements Device {
        @Override
        public String toString() {
            return "gpu " + gpu;
        }
    }

    /**
     * On the processor, because there is no GPU that it could use and the configuration allows to go without.
     *
     * @param reason why there is none
     */
    record Fallback(String reason) implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** On the processor. */
    Device CPU = new Cpu();

    /** Whether it computes on a GPU. */
    default boolean isGpu() {
        return this instanceof Cuda;
    }

    /** Whether it was to compute on a GPU and does not. */
    default boolean isFallback() {
        return this instanceof Fallback;
    }
}
