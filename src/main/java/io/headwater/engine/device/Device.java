package io.headwater.engine.device;

/** The device on which a part of the engine computes. */
public sealed interface Device {

    /** The CPU, as configured. */
    record Cpu() implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** A GPU. */
    record Cuda(Gpu gpu) implements Device {
        @Override
        public String toString() {
            return "gpu " + gpu;
        }
    }

    /**
     * The CPU, because there is no usable GPU and the configuration allows the fallback.
     *
     * @param reason why no GPU can be used
     */
    record Fallback(String reason) implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** The CPU. */
    Device CPU = new Cpu();

    /** Whether it computes on a GPU. */
    default boolean isGpu() {
        return this instanceof Cuda;
    }

    /** Whether it fell back to the CPU because no GPU could be used. */
    default boolean isFallback() {
        return this instanceof Fallback;
    }
}
